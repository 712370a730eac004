import type { TreePath } from '../merge/change.ts'

/** A landing that can be undone. */
export interface UndoView {
  readonly id: string
  readonly run: string
  readonly at: string
  readonly target: string
  /** Of a landing whose run is archived: the worktree whose review was landed, and what it wrote. */
  readonly review?: string | undefined
  readonly paths?: readonly TreePath[]
}
