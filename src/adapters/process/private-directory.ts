import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { KageError } from '../../core/error.ts'

/** Makes a directory for this user alone, with those above it where they are missing; fails with KAGE_DIRECTORY. */
export function makePrivateDirectory(path: string): void {
  try {
    make(path)
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new KageError('KAGE_DIRECTORY', `The directory ${path} cannot be made: ${why}.`)
  }
}

// One by one: the recursive way of node never returns below a directory like /proc, where nothing can be made.
function make(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (dirname(path) !== path) make(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    // Another program was quicker.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw thrown
  }
}

/** Refuses with KAGE_DIRECTORY a directory that belongs to another user or that others can write to. */
export function requireOwnDirectory(path: string): void {
  const { uid, mode } = statSync(path)
  const own = process.getuid?.() ?? uid
  if (uid !== own)
    throw new KageError('KAGE_DIRECTORY', `The directory ${path} belongs to another user (uid ${uid}).`)
  if ((mode & 0o022) === 0) return
  const message = `The directory ${path} can be written by others (mode ${(mode & 0o777).toString(8)}).`
  throw new KageError('KAGE_DIRECTORY', message, `If it is yours alone: chmod go-w '${path}'`)
}
