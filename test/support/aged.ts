import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventRow, NewEvent } from '../../src/adapters/store/batch.ts'
import { markPath } from '../../src/adapters/store/mark.ts'
import { openStore } from '../../src/adapters/store/store.ts'
import type { House } from './kage.ts'

/** Stops the daemon and dates every event of its store that many days earlier; the next start folds them anew. */
export async function ageStore(house: House, days: number): Promise<void> {
  await house.done(house.directory, ['daemon', 'stop'])
  const state = join(house.directory, 'state')
  const database = new DatabaseSync(join(state, 'kage.db'))
  const rows = database
    .prepare(
      'SELECT event.seq, id, at, type, v, run, agent, data FROM event JOIN payload USING (seq) ORDER BY seq',
    )
    .all() as unknown as EventRow[]
  database.close()
  for (const end of ['', '-wal', '-shm']) rmSync(join(state, `kage.db${end}`), { force: true })
  rmSync(markPath(join(house.directory, 'data'), state), { force: true })
  const store = await openStore(state)
  const events = rows.map((row): NewEvent => ({ ...row, at: earlier(row.at, days), data: row.data ?? '{}' }))
  await store.append({ events, state: [] })
  await store.close()
}

function earlier(at: string, days: number): string {
  return new Date(Date.parse(at) - days * 86_400_000).toISOString()
}
