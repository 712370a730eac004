import type { Entry, Oid, TreePath } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Repository } from '../repository/repository.ts'

/** What a commit of the person's repository holds at a path, or null. */
export async function entryAt(repository: Repository, commit: Oid, path: TreePath): Promise<Entry | null> {
  const { stdout } = await git(repository.place, ['ls-tree', '-z', '--full-tree', commit, '--', path])
  const match = /^(\d{6}) \S+ ([0-9a-f]+)\t/.exec(stdout.toString('latin1'))
  return match === null ? null : { mode: match[1] ?? '', oid: match[2] ?? '' }
}
