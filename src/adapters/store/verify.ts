import { setImmediate } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import { limit } from '../../core/limit.ts'
import type { EventRow } from './batch.ts'
import { isCorruption } from './failure.ts'
import { readHead } from './head.ts'
import { walkLog } from './log-walk.ts'

/** What a verification found: all is as it was written, or the first event that is not (null: it is not in an event). */
export type Verification =
  | { readonly ok: true; readonly events: number; readonly purged: number }
  | { readonly ok: false; readonly seq: number | null; readonly reason: string }

/** Something in a store that is not as it was written; `seq` is null when it is not in an event. */
export interface Damage {
  readonly seq: number | null
  readonly reason: string
}

/** Checks every event, its data and the chain between them, then the file's own structure; tells the first damage. */
export async function verify(database: DatabaseSync): Promise<Verification> {
  let purged = 0
  let events = 0
  const [first] = await damages(database, ({ data }) => {
    events += 1
    if (data === null) purged += 1
  })
  return first === undefined ? { ok: true, events, purged } : { ok: false, ...first }
}

/** The same, with every damage; calls back with each whole event, in order. */
export async function damages(database: DatabaseSync, onEvent: (event: EventRow) => void): Promise<Damage[]> {
  const found: Damage[] = []
  const failure = await corruptionIn(async () => {
    const head = readHead(database)
    const walk = walkLog(database, head.seq)
    for (;;) {
      const page = walk.next(limit.eventsPerVerification)
      if (page.length === 0) break
      for (const { seq, row, damage } of page) {
        if (damage !== null) found.push({ seq, reason: damage })
        else if (row !== null) onEvent(row)
      }
      await setImmediate()
    }
    if (walk.chain() !== head.chain && found.at(-1)?.seq !== head.seq)
      found.push({ seq: head.seq, reason: 'the log ended otherwise when it was written' })
  })
  if (failure !== null) found.push({ seq: null, reason: failure })
  const structure = await corruptionIn(() => checkStructure(database))
  return structure === null || failure !== null ? found : [...found, { seq: null, reason: structure }]
}

function checkStructure(database: DatabaseSync): void {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (found !== 'ok') throw Object.assign(new Error(String(found)), { errcode: 11 })
}

/** What a check found wrong with the file, or null; a failure that says nothing about the file is thrown on. */
async function corruptionIn(check: () => Promise<void> | void): Promise<string | null> {
  try {
    await check()
    return null
  } catch (error) {
    if (isCorruption(error)) return error.message
    throw error
  }
}
