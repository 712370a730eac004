import { randomUUID } from 'node:crypto'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { limit } from '../../core/limit.ts'
import { createAppender } from './append.ts'
import type { NewEvent } from './batch.ts'
import { openForWriting, storePath } from './connection.ts'
import { isCorruption, storeFailure } from './failure.ts'
import { linkDamage, type WalkedEvent, walkLog } from './log-walk.ts'
import { MarkFile, readMark } from './mark.ts'
import { checkEventFormat, checkSchema } from './schema.ts'

export interface RebuildOptions {
  readonly eventFormat: number
  readonly mark: string
  /** The highest number that was given out, as far as is known from elsewhere. */
  readonly last: number
  /** The event that takes the number of one that is lost. */
  readonly lost: Pick<NewEvent, 'type' | 'v' | 'data'>
}

/** How many events were kept and lost, and where the damaged file lies now. */
export interface Rebuilt {
  readonly kept: number
  readonly lost: readonly number[]
  readonly damaged: string
}

/** Writes a new store with every whole event of the old one, whose files are kept beside it; the caller holds the lock. */
export function rebuildStore(directory: string, options: RebuildOptions): Rebuilt {
  const fresh = join(directory, 'salvage')
  rmSync(fresh, { recursive: true, force: true })
  try {
    const old = openDamaged(directory, options.eventFormat)
    const { kept, lost, seq, chain } = copy(old, fresh, options)
    if (old?.isOpen) old.close()
    const damaged = `${storePath(directory)}.damaged-${Date.now()}`
    for (const end of ['', '-wal', '-shm'])
      if (existsSync(`${storePath(directory)}${end}`))
        renameSync(`${storePath(directory)}${end}`, `${damaged}${end}`)
    renameSync(storePath(fresh), storePath(directory))
    rmSync(fresh, { recursive: true, force: true })
    moveMark(options.mark, { seq, chain })
    return { kept, lost, damaged }
  } catch (error) {
    throw storeFailure(error, directory)
  }
}

/** Opens what is left; null where the file is no database any more. */
function openDamaged(directory: string, eventFormat: number): DatabaseSync | null {
  const database = new DatabaseSync(storePath(directory), { timeout: limit.storeBusyMs })
  try {
    checkSchema(database)
    checkEventFormat(database, eventFormat)
    return database
  } catch (error) {
    database.close()
    if (isCorruption(error)) return null
    throw error
  }
}

interface Copied {
  readonly kept: number
  readonly lost: number[]
  readonly seq: number
  readonly chain: string
}

function copy(old: DatabaseSync | null, fresh: string, { eventFormat, last, lost }: RebuildOptions): Copied {
  const database = openForWriting(fresh, eventFormat)
  // State of version 0 is folded anew at the next start.
  const appender = createAppender(database, { stateVersion: 0, eventFormat })
  const missing: number[] = []
  let at = new Date(0).toISOString()
  const append = (events: readonly NewEvent[]): void => appender.commit([{ events, state: [] }])
  for (const page of pagesOf(old, last)) {
    append(
      page.map(({ seq, event }) => {
        if (event === null) missing.push(seq)
        else ({ at } = event)
        return event ?? { seq, id: randomUUID(), at, run: null, agent: null, ...lost }
      }),
    )
  }
  copyReplies(old, database)
  const { seq, chain } = appender.head()
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE')
  database.close()
  return { kept: seq - missing.length, lost: missing, seq, chain }
}

interface Salvaged {
  readonly seq: number
  readonly event: NewEvent | null
}

function* pagesOf(old: DatabaseSync | null, mark: number): Generator<Salvaged[]> {
  const last = Math.max(mark, old === null ? 0 : lastOf(old))
  if (old === null) {
    for (let seq = 1; seq <= last; seq += limit.eventsPerPage)
      yield numbers(seq, Math.min(last, seq + limit.eventsPerPage - 1)).map((each) => ({
        seq: each,
        event: null,
      }))
    return
  }
  const walk = walkLog(old, last)
  let held: WalkedEvent[] = []
  for (let page = walk.next(limit.eventsPerPage); page.length > 0; page = walk.next(limit.eventsPerPage)) {
    const known = [...held, ...page]
    // Whether the last one is whole may be seen by the next one only.
    held = known.slice(-1)
    yield known.slice(0, -1).map((walked, index) => salvaged(walked, known[index + 1]))
  }
  yield held.map((walked) => salvaged(walked, undefined))
}

function salvaged({ seq, row, damage }: WalkedEvent, next: WalkedEvent | undefined): Salvaged {
  const isWhole = damage === null || (damage === linkDamage && next?.confirmsLast === true)
  return { seq, event: isWhole ? wholeOf(row) : null }
}

/** Purged data stays purged. */
function wholeOf(row: (Omit<NewEvent, 'data'> & { readonly data: string | null }) | null): NewEvent | null {
  return row === null || row.data === null ? null : { ...row, data: row.data }
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function lastOf(database: DatabaseSync): number {
  const found = ['SELECT seq FROM head', 'SELECT max(seq) AS seq FROM event'].map((query) => {
    try {
      return Number(database.prepare(query).get()?.['seq'] ?? 0)
    } catch (error) {
      if (isCorruption(error)) return 0
      throw error
    }
  })
  return Math.max(...found)
}

/** Replies make a repeated command harmless; those that cannot be read are left. */
function copyReplies(old: DatabaseSync | null, database: DatabaseSync): void {
  const add = database.prepare('INSERT INTO command (id, reply) VALUES (?, ?) ON CONFLICT (id) DO NOTHING')
  try {
    const rows = old?.prepare('SELECT id, reply FROM command ORDER BY ordinal').iterate() ?? []
    for (const row of rows) add.run(String(row['id']), String(row['reply']))
  } catch (error) {
    if (!isCorruption(error)) throw error
  }
}

function moveMark(path: string, head: { readonly seq: number; readonly chain: string }): void {
  const { run = 0, undo = 0 } = readMark(path) ?? {}
  const mark = new MarkFile(path)
  mark.move({ ...head, run, undo })
  mark.close()
}
