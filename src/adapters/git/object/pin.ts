import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import { syntheticCommit } from '../command/object.ts'
import { objectWriter } from './object-store.ts'
import type { Own } from '../repository/own.ts'
import { retryLocked } from '../command/retry.ts'

export interface Pin {
  readonly ref: string
  readonly tree: Oid
  readonly base: Oid
}

/** Keeps a tree in Kage's own repository, with everything in it that the base lacks, as a commit under a ref; costs no process when it is kept already. */
export async function pinCommit(own: Own, pin: Pin): Promise<Oid> {
  const writer = objectWriter(own)
  const commit = writer.add(syntheticCommit(pin.tree, [pin.base]))
  const before = await refOid(own, pin.ref)
  if (before === commit) return commit
  await copyMissing(own, pin)
  await writer.flush()
  await retryLocked(() => git(own.place, ['update-ref', pin.ref, commit]))
  return commit
}

/** What a ref of Kage's own repository names, without a process; null when there is no such ref. */
async function refOid(own: Own, ref: string): Promise<Oid | null> {
  const text = await readFile(join(own.directory, ref), 'latin1').catch(() => '')
  return /^[0-9a-f]{40,64}\n$/.test(text) ? text.trim() : null
}

// What the agent's own git wrote lies in the person's object store, where their gc may one day take it.
async function copyMissing(own: Own, { tree, base }: Pin): Promise<void> {
  const options = ['--revs', '--quiet', '--non-empty', ...(own.partial ? ['--missing=allow-any'] : [])]
  const pack = join(own.directory, 'objects', 'pack', 'pack')
  await git(own.place, ['pack-objects', ...options, pack], { input: `${tree}\n^${base}^{tree}\n` })
}
