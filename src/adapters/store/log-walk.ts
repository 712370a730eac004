import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EventRow } from './batch.ts'
import { chainStart, nextChain, payloadHash } from './chain.ts'
import { isCorruption } from './failure.ts'

/** A number of the log: the event that is stored there, and what is wrong with it, or null. */
export interface WalkedEvent {
  readonly seq: number
  readonly row: EventRow | null
  readonly damage: string | null
  /** It follows what the event before it should have left: only that one's stored link is damaged. */
  readonly confirmsLast: boolean
}

/** Walks over the whole log, page by page and past whatever is damaged. */
export interface LogWalk {
  /** The next page; empty after the last number. */
  readonly next: (count: number) => WalkedEvent[]
  /** The link after the last event, as it is stored; null when that event is missing. */
  readonly chain: () => string | null
}

/** The damage of an event whose data is whole, but which does not follow the one before it. */
export const linkDamage = 'it was changed'

interface StoredRow extends EventRow {
  readonly payload: string
  readonly chain: string
  readonly kept: number | null
}

const select = `SELECT event.seq, id, at, type, v, run, agent, event.payload, chain, payload.data, payload.seq AS kept
  FROM event LEFT JOIN payload ON payload.seq = event.seq`

/** Begins a walk that ends with the event of a number. */
export function walkLog(database: DatabaseSync, last: number): LogWalk {
  const page = database.prepare(`${select} WHERE event.seq > ? AND event.seq <= ? ORDER BY event.seq`)
  const single = database.prepare(`${select} WHERE event.seq = ?`)
  let seq = 0
  // Links that the next event may follow: the stored one and, where that is damaged, the one that it should be.
  let links: readonly string[] = [chainStart]
  return { next, chain: () => (seq === 0 ? chainStart : (links[0] ?? null)) }

  function next(count: number): WalkedEvent[] {
    const until = Math.min(last, seq + count)
    const rows = readRows({ page, single }, seq, until)
    const walked: WalkedEvent[] = []
    for (let at = seq + 1; at <= until; at += 1) walked.push(step(at, rows.get(at)))
    seq = until
    return walked
  }

  function step(at: number, row: StoredRow | string | undefined): WalkedEvent {
    if (row === undefined || typeof row === 'string') {
      links = []
      return { seq: at, row: null, damage: row ?? 'it is missing', confirmsLast: false }
    }
    const { payload, chain, kept: _kept, ...event } = row
    const expected = links.map((link) => nextChain(link, event, payload))
    const isLinked = links.length === 0 || expected.includes(chain)
    const confirmsLast = expected.slice(1).includes(chain)
    links = isLinked ? [chain] : [chain, ...expected]
    return { seq: at, row: event, damage: damageOf(row, isLinked), confirmsLast }
  }
}

function damageOf({ payload, data, kept }: StoredRow, isLinked: boolean): string | null {
  if (kept === null) return 'its data is missing'
  if (data !== null && payloadHash(data) !== payload) return 'its data was changed'
  return isLinked ? null : linkDamage
}

/** The rows of some numbers; where the file is damaged each is read by itself, and what cannot be read says why. */
function readRows(
  { page, single }: Readonly<Record<'page' | 'single', StatementSync>>,
  after: number,
  until: number,
): Map<number, StoredRow | string> {
  try {
    const rows = page.all(after, until) as unknown as StoredRow[]
    return new Map(rows.map((row) => [row.seq, row]))
  } catch (error) {
    if (!isCorruption(error)) throw error
  }
  const rows = new Map<number, StoredRow | string>()
  for (let seq = after + 1; seq <= until; seq += 1) {
    try {
      const row = single.get(seq) as unknown as StoredRow | undefined
      if (row !== undefined) rows.set(seq, row)
    } catch (error) {
      if (!isCorruption(error)) throw error
      rows.set(seq, error.message)
    }
  }
  return rows
}
