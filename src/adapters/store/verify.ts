import { setImmediate } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import { limit } from '../../core/limit.ts'
import type { EventRow } from './batch.ts'
import { chainStart, nextChain, payloadHash } from './chain.ts'
import { isCorruption } from './failure.ts'
import { readHead } from './head.ts'

/** What a verification found: all is as it was written, or the first event that is not (null: it is not in an event). */
export type Verification =
  | { readonly ok: true; readonly events: number; readonly purged: number }
  | { readonly ok: false; readonly seq: number | null; readonly reason: string }

interface StoredEvent extends EventRow {
  readonly payload: string
  readonly chain: string
  readonly kept: number | null
}

/** The last event that was found whole. */
interface Progress {
  seq: number
  chain: string
  purged: number
}

class Damage extends Error {}

/** Checks every event, its data and the chain between them page by page, then the file's own structure. */
export async function verify(database: DatabaseSync): Promise<Verification> {
  const progress: Progress = { seq: 0, chain: chainStart, purged: 0 }
  const events = await damageIn(() => walk(database, progress))
  if (events !== null) return { ok: false, seq: progress.seq + 1, reason: events }
  const structure = await damageIn(() => checkStructure(database))
  if (structure !== null) return { ok: false, seq: null, reason: structure }
  return { ok: true, events: progress.seq, purged: progress.purged }
}

async function walk(database: DatabaseSync, progress: Progress): Promise<void> {
  const head = readHead(database)
  const select = database.prepare(
    `SELECT event.seq, id, at, type, v, run, agent, event.payload, chain, payload.data, payload.seq AS kept
     FROM event LEFT JOIN payload ON payload.seq = event.seq
     WHERE event.seq > ? AND event.seq <= ? ORDER BY event.seq LIMIT ?`,
  )
  while (progress.seq < head.seq) {
    const before = progress.seq
    for (const row of select.iterate(before, head.seq, limit.eventsPerVerification)) {
      step(progress, row as unknown as StoredEvent)
    }
    if (progress.seq === before) throw new Damage('it is missing')
    await setImmediate()
  }
  if (progress.chain !== head.chain) throw new Damage('the log ended otherwise when it was written')
}

function step(progress: Progress, event: StoredEvent): void {
  if (event.seq !== progress.seq + 1) throw new Damage('it is missing')
  if (event.kept === null) throw new Damage('its data is missing')
  if (event.data !== null && payloadHash(event.data) !== event.payload)
    throw new Damage('its data was changed')
  if (nextChain(progress.chain, event, event.payload) !== event.chain) throw new Damage('it was changed')
  progress.seq = event.seq
  progress.chain = event.chain
  if (event.data === null) progress.purged += 1
}

function checkStructure(database: DatabaseSync): void {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (found !== 'ok') throw new Damage(String(found))
}

/** What a check found wrong, or null; a failure that says nothing about the file is thrown on. */
async function damageIn(check: () => Promise<void> | void): Promise<string | null> {
  try {
    await check()
    return null
  } catch (error) {
    if (error instanceof Damage || isCorruption(error)) return error.message
    throw error
  }
}
