import type { TreePath } from '../merge/change.ts'

/** What a clean removed, parked and left. */
export interface Cleaned {
  readonly removed: readonly string[]
  /** Work that no snapshot can hold, and where it lies now. */
  readonly parked: readonly {
    readonly agent: string
    readonly path: TreePath
    readonly kind: 'nested' | 'large' | 'filtered' | 'refs' | 'worktree'
    readonly place: string
  }[]
  readonly branches: BranchRemoval
}

/** What was trusted, and the filter drivers of the person's own git configuration that Kage may run in that repository. */
export interface Trusted {
  readonly path: string
  readonly hash: string
  readonly filters: readonly { readonly name: string; readonly settings: readonly string[] }[]
}

/** Branches that were deleted, refs in Kage's own repository that keep those which had to be parked first, and branches that stay. */
export interface BranchRemoval {
  readonly deleted: readonly string[]
  readonly parked: readonly { readonly branch: string; readonly ref: string }[]
  readonly open: readonly { readonly branch: string; readonly reason: string }[]
}

/** Bytes on disk; what several runs share counts for each of them, and once in all. */
export interface DiskUsage {
  readonly totalBytes: number
  readonly runs: readonly { readonly run: string; readonly bytes: number }[]
}
