import type { DatabaseSync } from 'node:sqlite'
import { KageError } from '../../core/error.ts'
import { chainStart } from './chain.ts'

/** "KAGE" in the file's header, so that another program's file is never taken for ours. */
const applicationId = 0x4b414745

/** One step per version of the file's format; a step is never edited once released. */
const steps: readonly string[] = [
  `
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    v INTEGER NOT NULL,
    run TEXT,
    agent TEXT,
    payload TEXT NOT NULL,
    chain TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_run ON event (run) WHERE run IS NOT NULL;
  CREATE INDEX event_agent ON event (agent) WHERE agent IS NOT NULL;
  CREATE TABLE payload (seq INTEGER PRIMARY KEY, data TEXT) STRICT;
  CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE command (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, reply TEXT NOT NULL) STRICT;
  CREATE TABLE head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL,
    chain TEXT NOT NULL,
    state_version INTEGER NOT NULL
  ) STRICT;
  INSERT INTO head VALUES (1, 0, '${chainStart}', 0);

  CREATE TRIGGER event_insert BEFORE INSERT ON event
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
    BEGIN SELECT RAISE(ABORT, 'events are appended one after the other'); END;
  CREATE TRIGGER event_update BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
  CREATE TRIGGER event_delete BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
  CREATE TRIGGER payload_update BEFORE UPDATE ON payload
    WHEN NEW.data IS NOT NULL OR NEW.seq IS NOT OLD.seq
    BEGIN SELECT RAISE(ABORT, 'the data of an event is purged, never changed'); END;
  CREATE TRIGGER payload_delete BEFORE DELETE ON payload
    BEGIN SELECT RAISE(ABORT, 'the data of an event is purged, never deleted'); END;
  `,
  // The highest format of events that was written here; a hash of each state row, so that a broken one is noticed.
  `
  ALTER TABLE head ADD COLUMN event_format INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE state ADD COLUMN hash TEXT;
  `,
]

/** The version of the file's format that this program writes. */
export const schemaVersion: number = steps.length

/** Refuses a file of another program or of a newer Kage; changes nothing. */
export function checkSchema(database: DatabaseSync): void {
  const version = pragma(database, 'user_version')
  const application = pragma(database, 'application_id')
  if (version > schemaVersion) {
    const message = `The store was written by a newer Kage (format ${version}; this one knows ${schemaVersion}).`
    throw new KageError('KAGE_STORE_NEWER', message)
  }
  if (application !== applicationId && !(application === 0 && version === 0 && isEmpty(database))) {
    const message = `The store's file belongs to another program (application id ${application}).`
    throw new KageError('KAGE_STORE', message, 'Move the file away, or set KAGE_STATE_DIR.')
  }
}

/** Refuses a store with events of a newer Kage; changes nothing. */
export function checkEventFormat(database: DatabaseSync, known: number): void {
  // The first format of the file did not say it.
  if (pragma(database, 'user_version') < 2) return
  const format = Number(database.prepare('SELECT event_format FROM head').get()?.['event_format'])
  if (format <= known) return
  const message = `The store holds events of a newer Kage (format ${format}; this one knows ${known}).`
  throw new KageError('KAGE_STORE_NEWER', message)
}

/** Brings a checked file to this program's format, in one transaction. */
export function migrate(database: DatabaseSync): void {
  if (pragma(database, 'user_version') === schemaVersion) return
  database.exec('BEGIN IMMEDIATE')
  for (const step of steps.slice(pragma(database, 'user_version'))) database.exec(step)
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`)
}

/** New, or left so by a crash before its first transaction. */
function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT name FROM sqlite_schema LIMIT 1').get() === undefined
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])
}
