import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { writeWhole } from '../../process/whole-file.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'
import { retryLocked } from '../command/retry.ts'
import type { Repository } from '../repository/repository.ts'
import type { PersonRefs } from './person-refs.ts'

/**
 * Keeps what a lost ref named, with everything that the remaining refs do not reach, as a pack in Kage's own repository,
 * beside its objects: no gc there or in the person's repository takes it.
 */
export async function keepLost(own: Own, repository: Repository, lost: Oid, now: PersonRefs): Promise<void> {
  const file = packOf(own, lost)
  if (existsSync(file)) return
  const held = [...new Set(Object.values(now.refs))].map((oid) => `^${oid}\n`)
  const options = ['--revs', '--stdout', '--quiet', ...(repository.partial ? ['--missing=allow-any'] : [])]
  const input = `${lost}\n${held.join('')}`
  const { stdout } = await git(repository.place, ['pack-objects', ...options], { input })
  await mkdir(join(own.directory, 'lost'), { recursive: true, mode: 0o700 })
  await writeWhole(file, stdout)
}

/** Puts a ref back by compare-and-swap; KAGE_TARGET_MOVED where it is not what it was when it was lost. */
export async function restoreRef(
  own: Own,
  repository: Repository,
  { name, before, after }: { readonly name: string; readonly before: Oid; readonly after: Oid | null },
): Promise<void> {
  await giveBack(own, repository, before)
  const expected = after ?? '0'.repeat(before.length)
  const args = ['update-ref', '--create-reflog', '-m', 'kage: restore', name, before, expected]
  const outcome = await retryLocked(() => git(repository.place, args, { okCodes: [0, 1, 128] }))
  if (outcome.code === 0) return
  const now = await git(repository.place, ['rev-parse', '--verify', '--quiet', name], {
    okCodes: [0, 1, 128],
  })
  if (now.stdout.toString('latin1').trim() === before) return
  const reason = outcome.stderr.trim().split('\n', 1)[0] ?? ''
  throw new KageError('KAGE_TARGET_MOVED', `${name} could not be put back: ${reason}`)
}

/** Puts entries back into the person's stash, in the given order, oldest first. */
export async function restoreStash(
  own: Own,
  repository: Repository,
  entries: readonly { readonly before: Oid; readonly message: string }[],
): Promise<void> {
  for (const { before, message } of entries) {
    await giveBack(own, repository, before)
    await retryLocked(() => git(repository.place, ['stash', 'store', '-q', '-m', message, before]))
  }
}

async function giveBack(own: Own, repository: Repository, oid: Oid): Promise<void> {
  const args = ['rev-list', '--objects', '--quiet', oid, '--not', '--all']
  const { code } = await git(repository.place, args, { okCodes: [0, 1, 128] })
  if (code === 0) return
  const pack = await readFile(packOf(own, oid)).catch(() => null)
  if (pack === null)
    throw new KageError(
      'KAGE_REVISION_UNKNOWN',
      `${oid} is neither in the repository nor kept by Kage any more.`,
    )
  await git(repository.place, ['unpack-objects', '-q'], { input: pack })
}

function packOf(own: Own, oid: Oid): string {
  return join(own.directory, 'lost', `${oid}.pack`)
}
