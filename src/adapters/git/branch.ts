import type { Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import type { Repository } from './repository.ts'
import { gitDiscover } from './text.ts'

/** Deletes a branch only while it is at that commit; false when it is left alone. */
export async function deleteBranchAt(repository: Repository, branch: string, at: Oid): Promise<boolean> {
  const args = ['update-ref', '-d', `refs/heads/${branch}`, at]
  return git(repository.place, args).then(
    () => true,
    () => false,
  )
}

/** Whether git takes a branch of that name. */
export async function isBranchName(name: string): Promise<boolean> {
  if (name === '' || name === 'HEAD' || name.startsWith('-') || name.includes('\0')) return false
  const { code } = await gitDiscover('/', ['check-ref-format', `refs/heads/${name}`])
  return code === 0
}
