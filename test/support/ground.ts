import { onTestFinished } from 'vitest'
import { acquireLock } from '../../src/adapters/store/lock.ts'
import { openStore } from '../../src/adapters/store/store.ts'
import { directories } from '../../src/core/directory.ts'
import { eventFormat } from '../../src/core/format/event-table.ts'
import { stateVersion } from '../../src/core/state.ts'
import { buildHouse } from '../../src/daemon/house.ts'
import { Kernel } from '../../src/daemon/kernel.ts'
import type { Parts } from '../../src/daemon/parts.ts'
import { restoreState } from '../../src/daemon/restore.ts'
import { Secrets } from '../../src/daemon/secrets.ts'
import type { House } from './kage.ts'

/** The parts of a daemon on what a house's daemon has left, in this process; it neither listens nor acts by itself. */
export async function partsOf({ environment }: House): Promise<Parts> {
  const places = directories(environment, { home: environment['HOME'] ?? '', uid: process.getuid?.() ?? 0 })
  const lock = acquireLock(places.state)
  if (lock === null) throw new Error('The daemon of the house still runs.')
  const store = await openStore(places.state, { stateVersion, eventFormat })
  const secrets = new Secrets()
  const fail = (thrown: unknown): never => {
    throw thrown
  }
  const kernel = new Kernel(store, await restoreState(store), fail, (text) => text)
  const ground = { places, environment, lock, log: () => {}, store, kernel, secrets }
  const { parts, spoolWatch, loop } = buildHouse(ground, () => {})
  onTestFinished(async () => {
    await loop.close()
    spoolWatch.close()
    await store.close()
    lock.release()
  })
  return parts
}
