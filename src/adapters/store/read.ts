import type { DatabaseSync } from 'node:sqlite'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { EventRow } from './batch.ts'
import { payloadHash } from './chain.ts'
import { readHead } from './head.ts'

/** Events after a number, of one run or agent only where named. */
export interface Page {
  readonly after: number
  readonly limit: number
  readonly run?: string | undefined
  readonly agent?: string | undefined
}

/** The folded state as it is stored: by which version of the reducer, up to which event. */
export interface StoredState {
  readonly version: number
  readonly seq: number
  readonly entries: readonly { readonly key: string; readonly value: string }[]
  /** The keys of rows that are not as they were written. */
  readonly broken: readonly string[]
}

const columns = 'event.seq, id, at, type, v, run, agent, payload.data'
const source = `SELECT ${columns} FROM event LEFT JOIN payload ON payload.seq = event.seq`

/** Reads a page of events in order; a page of large events may hold fewer than asked for, only the end of the log holds none. */
export function readEvents(database: DatabaseSync, page: Page): EventRow[] {
  const run = page.run === undefined ? '' : 'AND run = :run'
  const agent = page.agent === undefined ? '' : 'AND agent = :agent'
  const select = database.prepare(
    `${source} WHERE event.seq > :after ${run} ${agent} ORDER BY event.seq LIMIT :limit`,
  )
  const rows: EventRow[] = []
  let bytes = 0
  for (const row of select.iterate({
    after: page.after,
    limit: Math.min(page.limit, limit.eventsPerPage),
    ...(page.run === undefined ? {} : { run: page.run }),
    ...(page.agent === undefined ? {} : { agent: page.agent }),
  })) {
    const event = { ...row } as unknown as EventRow
    rows.push(event)
    bytes += event.data?.length ?? 0
    if (bytes >= limit.pageBytes) break
  }
  return rows
}

/** The event of a number, or null. */
export function eventAt(database: DatabaseSync, seq: number): EventRow | null {
  const row = database.prepare(`${source} WHERE event.seq = ?`).get(seq)
  return row ? ({ ...row } as unknown as EventRow) : null
}

/** The link of the chain at an event, or null. */
export function linkAt(database: DatabaseSync, seq: number): string | null {
  const row = database.prepare('SELECT chain FROM event WHERE seq = ?').get(seq)
  return row ? String(row['chain']) : null
}

/** The number under which an event is stored, or null. */
export function seqOf(database: DatabaseSync, id: string): number | null {
  const row = database.prepare('SELECT seq FROM event WHERE id = ?').get(id)
  return row ? Number(row['seq']) : null
}

/** The last event at or before a time (ISO 8601, UTC), or 0: also where the clock went back before it. */
export function seqAt(database: DatabaseSync, time: string): number {
  const row = database
    .prepare('SELECT seq FROM event WHERE at <= ? ORDER BY seq DESC LIMIT 1')
    .get(isoTime(time))
  return row ? Number(row['seq']) : 0
}

/** All rows of the folded state, as of one moment; without those whose keys begin with `unread`, which may be read later. */
export function readState(database: DatabaseSync, unread: string | null = null): StoredState {
  database.exec('BEGIN')
  try {
    const { seq, stateVersion } = readHead(database)
    const range = rangeOf(unread)
    const rows = database
      .prepare(
        `SELECT key, value, ${hashColumn(database)} FROM state WHERE key < :from OR key >= :to ORDER BY key`,
      )
      .all(range)
    const entries = rows.map((row) => ({ key: String(row['key']), value: String(row['value']) }))
    const isBroken = ({ value }: { value: string }, index: number): boolean =>
      !isWhole(value, rows[index]?.['hash'])
    const broken = entries.filter(isBroken).map(({ key }) => key)
    return { version: stateVersion, seq, entries, broken }
  } finally {
    database.exec('COMMIT')
  }
}

/** The keys of rows of the folded state that begin so. */
export function stateKeys(database: DatabaseSync, prefix: string): string[] {
  const select = database.prepare('SELECT key FROM state WHERE key >= :from AND key < :to ORDER BY key')
  return select.all(rangeOf(prefix)).map((row) => String(row['key']))
}

/** The keys that begin so; none for null. */
function rangeOf(prefix: string | null): { readonly from: string; readonly to: string } {
  return { from: prefix ?? '', to: prefix === null ? '' : `${prefix}\u{10ffff}` }
}

/** One row of the folded state; null where it is not there, or not as it was written. */
export function stateRow(database: DatabaseSync, key: string): string | null {
  const row = database.prepare(`SELECT value, ${hashColumn(database)} FROM state WHERE key = ?`).get(key)
  const value = row === undefined ? null : String(row['value'])
  return value !== null && isWhole(value, row?.['hash']) ? value : null
}

function isWhole(value: string, written: unknown): boolean {
  return typeof written === 'string' ? written === payloadHash(value) : isJson(value)
}

/** The reply that a command was given, or null if it was not done. */
export function commandReply(database: DatabaseSync, id: string): string | null {
  const row = database.prepare('SELECT reply FROM command WHERE id = ?').get(id)
  return row ? String(row['reply']) : null
}

/** The first format of the file kept no hashes. */
function hashColumn(database: DatabaseSync): string {
  return database.prepare('PRAGMA user_version').get()?.['user_version'] === 1 ? 'NULL AS hash' : 'hash'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Times are compared as text, so that they must all be written alike. */
function isoTime(time: string): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) throw new KageError('KAGE_USAGE', `"${time}" is not a time.`)
  return date.toISOString()
}
