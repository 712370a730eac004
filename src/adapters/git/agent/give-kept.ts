import { mkdtemp, rm, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'
import type { Repository } from '../repository/repository.ts'
import { addKeptPack } from './kept-pack.ts'

/** Gives the person's repository a commit of Kage's own with what it needs beyond others; the answer is called once a ref names it. */
export async function giveKept(
  own: Own,
  repository: Repository,
  commit: Oid,
  held: readonly Oid[],
): Promise<() => Promise<void>> {
  const root = join(own.directory, 'temporary')
  await mkdir(root, { recursive: true })
  const directory = await mkdtemp(join(root, 'give-'))
  try {
    const input = [commit, ...held.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join('')
    await git(own.place, ['pack-objects', '--revs', '--quiet', join(directory, 'pack')], { input })
    return await addKeptPack(repository, directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
