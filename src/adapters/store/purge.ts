import type { DatabaseSync } from 'node:sqlite'

/** Removes the data of an event for good, from the file and from its WAL; the event itself and the chain stay whole. */
export function purge(database: DatabaseSync, seq: number): void {
  database.exec('PRAGMA secure_delete = ON')
  database.prepare('UPDATE payload SET data = NULL WHERE seq = ?').run(seq)
  database.exec('PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)')
}
