import type { Oid, TreePath } from '../../../core/merge/change.ts'
import { pathOfBytes } from '../../../core/merge/path.ts'
import { diffTrees, renameOptions } from './diff.ts'
import type { Own } from '../repository/own.ts'

/** Where files of one tree lie in another, as far as they were renamed. */
export async function movedPaths(own: Own, base: Oid, tree: Oid): Promise<Map<TreePath, TreePath>> {
  if (base === tree) return new Map()
  const options = ['--name-status', '--diff-filter=R', ...renameOptions]
  const stdout = await diffTrees(own, options, [[base, tree]])
  const fields = stdout
    .toString('latin1', stdout.indexOf('\n') + 1)
    .split('\0')
    .map(pathOfBytes)
  const moved = new Map<TreePath, TreePath>()
  for (let index = 0; index + 2 < fields.length; index += 3)
    moved.set(fields[index + 1] ?? '', fields[index + 2] ?? '')
  return moved
}
