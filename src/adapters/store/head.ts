import type { DatabaseSync } from 'node:sqlite'
import type { Head } from './batch.ts'

/** Reads how far the log goes. */
export function readHead(database: DatabaseSync): Head {
  const row = database.prepare('SELECT seq, chain, state_version AS stateVersion FROM head').get()
  if (!row) throw new Error('the store has lost its head')
  return { ...row } as unknown as Head
}
