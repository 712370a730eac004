import type { Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import type { Repository } from './repository.ts'

/** Deletes a branch only while it is at that commit; false when it is left alone. */
export async function deleteBranchAt(repository: Repository, branch: string, at: Oid): Promise<boolean> {
  const args = ['update-ref', '-d', `refs/heads/${branch}`, at]
  return git(repository.place, args).then(
    () => true,
    () => false,
  )
}
