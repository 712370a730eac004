import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Batch } from '../src/adapters/store/batch.ts'
import { openStore } from '../src/adapters/store/store.ts'
import type { Store } from '../src/adapters/store/store.ts'
import { middle, report } from './support/report.ts'

/**
 * Durable appends per second: through the store (writer thread, hash chain, state, indexes) and into a bare table of
 * SQLite with the same settings, one commit an event. Both take turns on the same disk, so that the ratio means
 * something where the figures do not. `alone`: each append waits for the one before; `together`: 64 are on their way.
 */
const rounds = 6
const roundMs = 500
const together = 64

const directory = mkdtempSync(join(tmpdir(), 'kage-bench-'))
const store = await openStore(join(directory, 'state'))
const bare = openBare(join(directory, 'bare.db'))
const rates = { bare: [] as number[], alone: [] as number[], together: [] as number[] }
let seq = 0

try {
  for (let round = 0; round < rounds; round += 1) {
    rates.bare.push(measureBare())
    rates.alone.push(await measureStore(store, 1))
    rates.together.push(await measureStore(store, together))
  }
  const floor = middle(rates.bare)
  const shown = { floor, aim: 'none', unit: '/s' }
  report({ figure: 'durable appends, one by one', kage: middle(rates.alone), ...shown })
  report({ figure: `durable appends, ${together} together`, kage: middle(rates.together), ...shown })
} finally {
  await store.close()
  bare.close()
  rmSync(directory, { recursive: true, force: true })
}

function openBare(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('CREATE TABLE event (seq INTEGER PRIMARY KEY, id TEXT, at TEXT, type TEXT, data TEXT) STRICT')
  return database
}

function measureBare(): number {
  const insert = bare.prepare('INSERT INTO event (id, at, type, data) VALUES (?, ?, ?, ?)')
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < roundMs; count += 1) {
    const event = nextBatch(count).events[0]
    if (event) insert.run(event.id, event.at, event.type, event.data)
  }
  return (count * 1000) / (performance.now() - start)
}

async function measureStore(target: Store, width: number): Promise<number> {
  const start = performance.now()
  const before = seq
  const append = async (): Promise<void> => {
    while (performance.now() - start < roundMs) await target.append(nextBatch((seq += 1)))
  }
  await Promise.all(Array.from({ length: width }, append))
  return ((seq - before) * 1000) / (performance.now() - start)
}

function nextBatch(number: number): Batch {
  const run = `r${(number % 4) + 1}`
  const data = JSON.stringify({ status: 'working', message: 'reads the parser and its tests '.repeat(4) })
  const at = new Date().toISOString()
  const event = {
    seq: number,
    id: crypto.randomUUID(),
    at,
    type: 'agent.reported',
    v: 1,
    run,
    agent: `${run}/coder-1`,
    data,
  }
  return { events: [event], state: [{ key: `agent/${run}/coder-1`, value: data }] }
}
