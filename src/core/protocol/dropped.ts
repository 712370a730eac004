import type { TreePath } from '../merge/change.ts'

/** A landing or undo that was given up: how its paths and its commit stand. */
export interface Dropped {
  readonly dropped: string
  /** Where its journal lies now; null where it was gone. */
  readonly journal: string | null
  /** Whether its branch holds its commit; null where it made none. */
  readonly committed: boolean | null
  readonly asLanded: readonly TreePath[]
  readonly asBefore: readonly TreePath[]
  /** Paths that stand neither as before nor as after. */
  readonly neither: readonly TreePath[]
  /** Files of Kage's in the worktree, with content that was not put into its place. */
  readonly waiting: readonly TreePath[]
  /** Paths that could not be looked at. */
  readonly unknown: readonly TreePath[]
}
