import { rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { limit } from '../../core/limit.ts'
import { openWithBallast } from './ballast.ts'
import { createPrivately } from './connection.ts'
import { isCorruption, storeFailure } from './failure.ts'

/** Held for the life of its process: it ends with kill -9 and no child inherits it. */
export interface Lock {
  /** How many owners there have been, this one included: what an earlier one still does can be told by it. */
  readonly epoch: number
  /** False when somebody removed or replaced the lock's file, so that there may be a second owner. */
  readonly isHeld: () => boolean
  readonly release: () => void
}

/** Takes the one lock of a directory, or null when another process (or this one) holds it. */
export function acquireLock(directory: string, waitMs: number = limit.lockWaitMs): Lock | null {
  const path = join(directory, 'lock.db')
  try {
    return openWithBallast(directory, () => {
      createPrivately(directory, path)
      return acquireMended(path, waitMs)
    })
  } catch (error) {
    throw storeFailure(error, directory)
  }
}

/** A file that is no database holds no lock: it is emptied in place, which takes none from whoever has one on it. */
function acquireMended(path: string, waitMs: number): Lock | null {
  try {
    return acquire(path, waitMs)
  } catch (error) {
    if (!isCorruption(error)) throw error
    truncateSync(path)
    rmSync(`${path}-journal`, { force: true })
    return acquire(path, waitMs)
  }
}

function acquire(path: string, waitMs: number): Lock | null {
  const database = new DatabaseSync(path, { timeout: waitMs })
  try {
    database.exec('BEGIN EXCLUSIVE')
    const epoch = raiseEpoch(database)
    // Set inside the transaction: the commit keeps the lock. Set before it, losers of a race would hold on to a shared one.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; COMMIT')
    const inode = inodeOf(path)
    return {
      epoch,
      isHeld: () => database.isOpen && inodeOf(path) === inode,
      release: () => database.isOpen && database.close(),
    }
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
}

function raiseEpoch(database: DatabaseSync): number {
  database.exec(`
    CREATE TABLE IF NOT EXISTS epoch (only INTEGER PRIMARY KEY CHECK (only = 1), epoch INTEGER NOT NULL) STRICT;
    INSERT INTO epoch VALUES (1, 1) ON CONFLICT DO UPDATE SET epoch = epoch.epoch + 1;
  `)
  return Number(database.prepare('SELECT epoch FROM epoch').get()?.['epoch'])
}

function inodeOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found ? `${found.dev}:${found.ino}` : null
}

function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown }
  return typeof errcode === 'number' && (errcode & 0xff) === 5
}
