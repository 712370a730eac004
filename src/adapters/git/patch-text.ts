import type { Oid } from '../../core/merge/change.ts'
import { diffOptions, diffPlace } from './diff.ts'
import { git } from './git.ts'
import type { Own } from './own.ts'

/** An ordinary patch from a base to a tree, for people and `git apply`; binaries included. */
export async function patchOf(own: Own, base: Oid, tree: Oid): Promise<Buffer> {
  const args = ['diff-tree', '-r', '-p', '--binary', ...diffOptions, base, tree]
  return (await git(diffPlace(own), args, { env: { GIT_ATTR_NOSYSTEM: '1' } })).stdout
}
