import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { Repository } from './repository.ts'

/** The commit that a revision names; fails with KAGE_REVISION_UNKNOWN. */
export async function resolveRevision(repository: Repository, revision: string): Promise<Oid> {
  const oid = await findRevision(repository, revision)
  if (oid !== null) return oid
  throw revisionUnknown(revision)
}

/** The failure for a revision that names no commit. */
export function revisionUnknown(revision: string): KageError {
  return new KageError(
    'KAGE_REVISION_UNKNOWN',
    `${JSON.stringify(revision)} names no commit of this repository.`,
  )
}

/** The commit that a revision names, or null. */
export async function findRevision(repository: Repository, revision: string): Promise<Oid | null> {
  if (revision === '' || revision.includes('\0')) return null
  const head = revision === 'HEAD' ? await looseHead(repository) : null
  if (head !== null) return head
  // What follows `:/` is a text to look for, up to its end.
  const peeled = revision.startsWith(':/') ? revision : `${revision}^{commit}`
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', peeled]
  const { code, stdout } = await git(repository.place, args, { okCodes: [0, 1, 128] })
  const oid = stdout.toString('latin1').trim()
  return code === 0 && /^[0-9a-f]{40,64}$/.test(oid) ? oid : null
}

// HEAD, where it and its branch are plain files, as they are after every commit; else git has to be asked.
async function looseHead({ gitDir, commonDir }: Repository): Promise<Oid | null> {
  const head = await readRegularText(join(gitDir, 'HEAD'), 'latin1')
  const branch = /^ref: (refs\/heads\/[^\0]+)\n$/.exec(head)?.[1]
  if (branch === undefined || branch.split('/').includes('..')) return null
  const text = await readRegularText(
    join(commonDir, Buffer.from(branch, 'latin1').toString('utf8')),
    'latin1',
  )
  return /^([0-9a-f]{40}|[0-9a-f]{64})\n$/.test(text) ? text.trim() : null
}

/** Every best common ancestor of two or more commits; none where their histories do not meet. */
export async function mergeBases(repository: Repository, commits: readonly Oid[]): Promise<Oid[]> {
  const args = ['merge-base', '--octopus', '--all', '--end-of-options', ...commits]
  const { stdout } = await git(repository.place, args, { okCodes: [0, 1] })
  return stdout
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
}
