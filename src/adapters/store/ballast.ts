import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { limit } from '../../core/limit.ts'
import { freeBytes } from './disk.ts'
import { isDiskFull } from './failure.ts'

/** Lays down a file that a full disk can be relieved of, once, while there is plenty of room. */
export function layBallast(directory: string, freeBytesMin: number = limit.diskFreeBytes): void {
  const path = ballastPath(directory)
  if (existsSync(path) || freeBytes(directory) < freeBytesMin) return
  const temporary = `${path}.new`
  try {
    writeFileSync(temporary, randomBytes(limit.ballastBytes), { mode: 0o600 })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    if (!isDiskFull(error, directory)) throw error
  }
}

/** Opens something on the disk; when that is full, drops the ballast and tries a last time. */
export function openWithBallast<T>(directory: string, open: (lastTry: boolean) => T): T {
  const path = ballastPath(directory)
  if (!existsSync(path)) return open(true)
  try {
    return open(false)
  } catch (error) {
    if (!isDiskFull(error, directory)) throw error
    rmSync(path, { force: true })
    return open(true)
  }
}

function ballastPath(directory: string): string {
  return join(directory, 'ballast')
}
