import { onTestFinished } from 'vitest'
import { openStore } from '../../../src/adapters/store/store.ts'
import type { Store, StoreOptions } from '../../../src/adapters/store/store.ts'
import { storePath } from '../../../src/adapters/store/connection.ts'
import { DatabaseSync } from 'node:sqlite'
import { temporaryDirectory } from '../../support/temporary.ts'
import { sampleBatch } from './sample.ts'

/** Opens a store that is closed when the test ends. */
export async function opened(
  directory: string = temporaryDirectory(),
  options: StoreOptions = {},
): Promise<Store> {
  const store = await openStore(directory, options)
  onTestFinished(() => store.close())
  return store
}

/** A directory whose closed store holds so many sample batches. */
export async function filled(count: number): Promise<string> {
  const directory = temporaryDirectory()
  const store = await openStore(directory)
  await Promise.all(Array.from({ length: count }, (_, index) => store.append(sampleBatch(index + 1))))
  await store.close()
  return directory
}

/** Works on a closed store's file behind its back. */
export function behind<T>(directory: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(storePath(directory))
  try {
    return work(database)
  } finally {
    database.close()
  }
}
