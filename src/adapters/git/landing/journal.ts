// A journal keeps the raw bytes of a landing, before and after, in one file of Kage's own that no gc of anyone's can
// take away: one line of JSON (version, plan, and where each content lies), then the contents.
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import { journalLine, parseJournalLine } from './journal-format.ts'
import type { LandingPlan } from './landing-plan.ts'
import type { Own } from '../repository/own.ts'
import { hashOf } from '../worktree/work-file.ts'

/** Contents by their hash. */
export type Contents = ReadonlyMap<string, Buffer>

export interface Journal {
  readonly plan: LandingPlan
  readonly contents: Contents
}

/** Writes a journal durably, whole or not at all. */
export async function writeJournal({ plan, contents }: Journal): Promise<void> {
  const places: [string, number][] = [...contents].map(([hash, bytes]) => [hash, bytes.length])
  const head = Buffer.from(`${journalLine({ plan, places })}\n`)
  const directory = directoryOf(plan.own)
  const path = join(directory, plan.journal)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(Buffer.concat([head, ...contents.values()]))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  await syncDirectory(directory)
}

/** Reads a journal of Kage's own repository; fails with KAGE_UNDO_UNKNOWN when there is none, with KAGE_STORE when its bytes are not what they were, and with KAGE_STORE_NEWER. */
export async function readJournal(own: Own, name: string): Promise<Journal> {
  const bytes = await readFile(join(directoryOf(own), name)).catch(() => null)
  if (bytes === null)
    throw new KageError('KAGE_UNDO_UNKNOWN', `The journal of ${name} is not there any more.`)
  let start = bytes.indexOf(0x0a) + 1
  const { plan, places } = parseJournalLine(bytes.toString('utf8', 0, start), own, name)
  const contents = new Map<string, Buffer>()
  for (const [hash, length] of places) {
    const content = bytes.subarray(start, start + length)
    if (hashOf(content) !== hash) throw new KageError('KAGE_STORE', `The journal of ${name} is damaged.`)
    contents.set(hash, content)
    start += length
  }
  return { plan, contents }
}

/** The bytes of that hash, which the journal has. */
export function contentOf(contents: Contents, hash: string): Buffer {
  const bytes = contents.get(hash)
  if (bytes === undefined) throw new KageError('KAGE_STORE', `The journal lacks the content ${hash}.`)
  return bytes
}

/** Moves a journal that cannot be read aside, where nothing removes it; returns its new place, or null where there is none. */
export async function keepJournalAside(own: Own, name: string): Promise<string | null> {
  const path = join(directoryOf(own), name)
  let aside = `${path}.damaged`
  for (let number = 2; existsSync(aside); number++) aside = `${path}.damaged-${number}`
  if (!existsSync(path)) return null
  await rename(path, aside)
  await syncDirectory(directoryOf(own))
  return aside
}

/** Forgets a landing's bytes: it cannot be undone any more. */
export async function dropJournal(own: Own, id: string): Promise<void> {
  for (const name of [id, `${id}-undo`]) await rm(join(directoryOf(own), name), { force: true })
}

/** The names of the journals that are kept. */
export async function journalNames(own: Own): Promise<string[]> {
  return readdir(directoryOf(own)).catch(() => [])
}

/** Removes the journals in a git directory of Kage's own that nobody needs, by their names, and those that were not written to their end. */
export async function sweepJournals(
  ownDirectory: string,
  isNeeded: (name: string) => boolean,
): Promise<void> {
  const directory = join(ownDirectory, 'landings')
  const names = await readdir(directory).catch(() => [])
  for (const name of names) if (name.endsWith('.new') || !isNeeded(name)) await rm(join(directory, name))
}

/** Waits until the names in a directory are on disk. */
async function syncDirectory(path: string | Buffer): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function directoryOf(own: Own): string {
  return join(own.directory, 'landings')
}
