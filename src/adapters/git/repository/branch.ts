import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Repository } from './repository.ts'
import { gitDiscover } from '../command/text.ts'

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

/** Creates branches at one commit, all or none; answers with those it created. */
export async function createBranches(
  repository: Repository,
  names: readonly string[],
  at: Oid,
): Promise<Set<string>> {
  const plain = names.filter((name) => !name.startsWith('-'))
  const input = plain.map((name) => `create refs/heads/${name}\0${at}\0`).join('')
  const args = ['update-ref', '-m', 'kage: spawn', '-z', '--stdin']
  return git(repository.place, args, { input }).then(
    () => new Set(plain),
    () => new Set<string>(),
  )
}
