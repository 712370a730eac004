import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Own } from './own.ts'
import { retryLocked } from '../command/retry.ts'

/** Copies a commit with its history since a base into Kage's own repository, under `refs/kage/parked/…`; answers with that ref. */
export async function parkBranch(own: Own, branch: string, commit: Oid, base: Oid): Promise<string> {
  const pack = join(own.directory, 'objects', 'pack', 'pack')
  const missing = own.partial ? ['--missing=allow-any'] : []
  const options = ['--revs', '--quiet', '--non-empty', ...missing]
  await git(own.place, ['pack-objects', ...options, pack], { input: `${commit}\n^${base}\n` })
  const ref = `refs/kage/parked/${branch}/${commit.slice(0, 12)}`
  await retryLocked(() => git(own.place, ['update-ref', ref, commit]))
  return ref
}
