import { join } from 'node:path'
import { KageError } from '../core/error.ts'
import type { TreePath } from '../core/merge/change.ts'
import { showPath } from '../core/merge/path-name.ts'
import type { Editors } from './editors.ts'

/**
 * Refuses with KAGE_BUFFER_UNSAVED where a connected Neovim has unsaved changes in one of the paths of a worktree; the paths are
 * asked for only where any file below that worktree has some.
 */
export async function refuseUnsaved(
  { editors }: { readonly editors: Editors },
  worktree: string,
  pathsOf: () => readonly TreePath[] | Promise<readonly TreePath[]>,
): Promise<void> {
  const unsaved = await editors.unsaved()
  if (![...unsaved].some((file) => file.startsWith(`${worktree}/`))) return
  const open = (await pathsOf()).filter((path) => unsaved.has(join(worktree, path)))
  if (open.length === 0) return
  throw new KageError(
    'KAGE_BUFFER_UNSAVED',
    `A Neovim has unsaved changes in ${open.map(showPath).join(', ')}.`,
  )
}
