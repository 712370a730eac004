import type { Oid, TreePath } from '../../core/merge/change.ts'
import { pathOfBytes } from '../../core/merge/path.ts'
import { diffOptions, diffPlace } from './diff.ts'
import { git } from './git.ts'
import type { Own } from './own.ts'

/** The paths whose mode or content differs between two trees. */
export async function changedPaths(own: Own, base: Oid, tree: Oid): Promise<Set<TreePath>> {
  if (base === tree) return new Set()
  const args = ['diff-tree', '-r', '-z', '--name-only', ...diffOptions, base, tree]
  const { stdout } = await git(diffPlace(own), args, { env: { GIT_ATTR_NOSYSTEM: '1' } })
  const names = stdout
    .toString('latin1')
    .split('\0')
    .filter((name) => name !== '')
  return new Set(names.map(pathOfBytes))
}
