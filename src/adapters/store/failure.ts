import { KageError } from '../../core/error.ts'
import { freeBytes } from './disk.ts'

const sqliteIoError = 10
const sqliteCorrupt = 11
const sqliteFull = 13
const sqliteNoDatabase = 26
const bytesOfFullDisk = 131_072

/** Turns whatever SQLite or the file system threw into the failure a person is shown. */
export function storeFailure(thrown: unknown, directory: string): KageError {
  if (thrown instanceof KageError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (isDiskFull(thrown, directory))
    return new KageError('KAGE_DISK_LOW', `The disk of ${directory} is full.`)
  return new KageError('KAGE_STORE', `The store in ${directory} failed: ${message}`)
}

/** Whether a failure means that the disk of the directory has no room left. */
export function isDiskFull(thrown: unknown, directory: string): boolean {
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return true
  if (typeof errcode !== 'number') return false
  const primary = errcode & 0xff
  return primary === sqliteFull || (primary === sqliteIoError && freeBytes(directory) < bytesOfFullDisk)
}

/** Whether a failure means that the file is not what SQLite wrote. */
export function isCorruption(thrown: unknown): thrown is Error {
  const { errcode } = thrown as { errcode?: unknown }
  return typeof errcode === 'number' && [sqliteCorrupt, sqliteNoDatabase].includes(errcode & 0xff)
}
