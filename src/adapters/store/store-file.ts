import type { EventRow } from './batch.ts'
import { openForReading } from './connection.ts'
import { storeFailure } from './failure.ts'
import { readHead } from './head.ts'
import { linkAt, type Page, readEvents, readState, type StoredState } from './read.ts'
import { type Damage, damages } from './verify.ts'

/** A store's file, open for reading alone: nobody needs to hold its lock. */
export interface StoreFile {
  readonly lastSeq: () => number
  readonly linkAt: (seq: number) => string | null
  /** Tells all damage, and calls back with each whole event. */
  readonly damages: (onEvent: (event: EventRow) => void) => Promise<Damage[]>
  /** A page of events, as a store reads them. */
  readonly readEvents: (page: Page) => EventRow[]
  /** The events after a number and the state that is stored with the last of them. */
  readonly since: (seq: number) => { readonly rows: readonly EventRow[]; readonly stored: StoredState }
  readonly close: () => void
}

/** Opens the store of a directory, refusing one with events of a newer format. */
export function openStoreFile(directory: string, eventFormat: number): StoreFile {
  try {
    const database = openForReading(directory, eventFormat)
    return {
      lastSeq: () => readHead(database).seq,
      linkAt: (seq) => linkAt(database, seq),
      readEvents: (page) => readEvents(database, page),
      damages: (onEvent) => damages(database, onEvent),
      since: (seq) => {
        // A short transaction: what was appended during the walk is little.
        const stored = readState(database)
        const rows: EventRow[] = []
        for (let after = seq; after < stored.seq; after = rows.at(-1)?.seq ?? stored.seq)
          rows.push(...readEvents(database, { after, limit: stored.seq - after }))
        return { rows: rows.filter((row) => row.seq <= stored.seq), stored }
      },
      close: () => database.close(),
    }
  } catch (error) {
    throw storeFailure(error, directory)
  }
}
