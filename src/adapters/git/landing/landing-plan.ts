import type { Oid, TreePath } from '../../../core/merge/change.ts'
import type { NamedConflict, Said } from '../../../core/merge/conflict.ts'
import type { Remembered } from '../../../core/remembered.ts'
import type { Decided } from '../merge/conflict-texts.ts'
import type { ByteSettings } from '../repository/byte-settings.ts'
import type { Own } from '../repository/own.ts'
import type { Repository } from '../repository/repository.ts'
import type { TreeChange } from '../diff/tree-changes.ts'
import type { Side } from '../worktree/work-file.ts'

/** Where a composition goes: the worktree as it lies there, or a branch, as a commit in the person's name. */
export type LandingTarget =
  | { readonly kind: 'worktree' }
  | {
      readonly kind: 'branch'
      readonly ref: string
      /** The current branch, whose worktree and index follow; else no worktree may have it. */
      readonly checkedOut: boolean
      readonly message: string
      /** The agents that the content comes from, named in the commit's trailers. */
      readonly sources: readonly string[]
    }

export interface LandingRequest {
  readonly own: Own
  readonly repository: Repository
  readonly settings: ByteSettings
  /** Names the landing and its journal: small letters, digits and hyphens. */
  readonly id: string
  readonly target: LandingTarget
  /** The commit that HEAD names. */
  readonly head: Oid
  /** The tree that was landed there before for the same run; at first the run's base. */
  readonly base: Oid
  /** The tree with all that is decided. */
  readonly composed: Oid
  /** A look at the worktree that is the target, when one was begun before. */
  readonly looked?: Promise<Oid>
  /** Only the outcome is wanted: nothing is kept for carrying it out. */
  readonly dryRun?: boolean
  /** What makes the base and the composition of the run's base. */
  readonly decided?: Decided
  /** What the person says to conflicts. */
  readonly said?: Said
}

export type LandingOutcome =
  | {
      readonly kind: 'plan'
      readonly plan: LandingPlan
      readonly ours: Oid
      readonly resolved: readonly Remembered[]
    }
  | { readonly kind: 'conflict'; readonly tree: Oid; readonly conflicts: readonly NamedConflict[] }
  | { readonly kind: 'nothing'; readonly tree: Oid; readonly resolved: readonly Remembered[] }

/** A landing, or the undoing of one, in full: plain data that can be written down, carried out and taken up again after a crash. */
export interface LandingPlan {
  readonly id: string
  readonly kind: 'landing' | 'undo'
  readonly own: Own
  readonly repository: Repository
  /** Where the bytes of both sides are kept. */
  readonly journal: string
  /** What the target holds afterwards. */
  readonly tree: Oid
  readonly commit: Oid | null
  /** Whether execute bits mean anything here. */
  readonly fileMode: boolean
  readonly steps: readonly PathStep[]
  /** Directories that appear, the outer first, and those that are left empty and vanish. */
  readonly made: readonly Directory[]
  readonly left: readonly Directory[]
  readonly branch: BranchStep | null
  readonly index: IndexStep | null
}

/** What happens to one path of the worktree; `temporary` is where its new content lies before it takes its place. */
export interface PathStep {
  readonly path: TreePath
  readonly old: Side | null
  readonly new: Side | null
  readonly temporary: TreePath
}

export interface Directory {
  readonly path: TreePath
  readonly permissions: number | null
}

export interface BranchStep {
  readonly ref: string
  readonly old: Oid
  readonly new: Oid
  readonly reason: string
  /** HEAD has to stand on it. */
  readonly current: boolean
}

/** The index before and after, by hash of its raw bytes, and the entries in which they differ. */
export interface IndexStep {
  readonly old: string
  readonly new: string
  readonly entries: readonly TreeChange[]
}
