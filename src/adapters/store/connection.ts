import { closeSync, fdatasyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { limit } from '../../core/limit.ts'
import { isDiskFull } from './failure.ts'
import { checkEventFormat, checkSchema, migrate } from './schema.ts'

/** The store's file in its directory. */
export function storePath(directory: string): string {
  return join(directory, 'kage.db')
}

/** Opens the file for the one writer: every commit is on the disk before it returns. On the last try a full disk may stay full. */
export function openForWriting(
  directory: string,
  eventFormat: number = Infinity,
  lastTry: boolean = true,
): DatabaseSync {
  createPrivately(directory, storePath(directory))
  const database = new DatabaseSync(storePath(directory), { timeout: limit.storeBusyMs })
  return closedOnFailure(database, () => {
    checkSchema(database)
    checkEventFormat(database, eventFormat)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    database.exec(`PRAGMA journal_size_limit = ${limit.walBytes}; PRAGMA recursive_triggers = ON`)
    harden(database)
    migrate(database)
    makeDurable(database, directory, lastTry)
  })
}

/** Opens the file for reading beside the writer. */
export function openForReading(directory: string, eventFormat: number = Infinity): DatabaseSync {
  const database = new DatabaseSync(storePath(directory), { readOnly: true, timeout: limit.storeBusyMs })
  return closedOnFailure(database, () => {
    checkSchema(database)
    checkEventFormat(database, eventFormat)
    harden(database)
    database.exec('PRAGMA query_only = ON')
  })
}

/** Makes the directory (0700) and an empty file (0600) where there is none; an existing file is not opened, which would drop its locks. */
export function createPrivately(directory: string, path: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Writes what a crash or a failed fsync left in the WAL again, so that all that can be read is also durable. */
function makeDurable(database: DatabaseSync, directory: string, lastTry: boolean): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (!lastTry || !isDiskFull(error, directory)) throw error
    const wal = openSync(`${storePath(directory)}-wal`, 'r+')
    fdatasyncSync(wal)
    closeSync(wal)
  }
}

function harden(database: DatabaseSync): void {
  database.enableDefensive(true)
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON')
}

function closedOnFailure(database: DatabaseSync, prepare: () => void): DatabaseSync {
  try {
    prepare()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
