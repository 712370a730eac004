import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { limit } from '../../core/limit.ts'
import { type Place, placeIn } from './path.ts'
import { type Surroundings, ToolFailure } from './tool.ts'

/** The text of a file of the worktree; refuses what is binary. */
export function readText(place: Place): string {
  const bytes = readPlace(place)
  const text = bytes.includes(0) ? null : utf8Of(bytes)
  if (text === null) throw new ToolFailure(`${place.name} is binary (${bytes.length} bytes).`)
  return text
}

function readPlace({ path, name, kind }: Place): Buffer {
  if (kind === null) throw new ToolFailure(`${name} does not exist.`)
  if (kind === 'directory') throw new ToolFailure(`${name === '' ? '.' : name} is a directory; use search.`)
  // A pipe that took its place meanwhile must not be waited for, a link not be followed.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw new ToolFailure(`${name} is no plain file.`)
    if (stats.size > limit.readBytes)
      throw new ToolFailure(
        `${name} has ${stats.size} bytes, more than can be read; use run with head or grep.`,
      )
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/** Puts a file in its place whole or not at all; one that was there keeps its mode. */
export function writePlace(given: string, content: string, surroundings: Surroundings): Place {
  const { root, spool } = surroundings
  const first = placeIn(root, given)
  if (first.kind === 'directory') throw new ToolFailure(`${given} is a directory.`)
  mkdirSync(dirname(first.path), { recursive: true })
  // What the directories turned out to be is looked at once more.
  const place = placeIn(root, given)
  const fresh = join(spool, 'write.new')
  rmSync(fresh, { force: true })
  const beside = join(dirname(place.path), `.write-${randomUUID()}`)
  try {
    put(fresh, content, place)
    renameSync(fresh, place.path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EXDEV') throw thrown
    put(beside, content, place)
    renameSync(beside, place.path)
  } finally {
    rmSync(fresh, { force: true })
    rmSync(beside, { force: true })
  }
  return place
}

function put(path: string, content: string, { stats }: Place): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666)
  try {
    if (stats !== null) fchmodSync(file, stats.mode & 0o777)
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function utf8Of(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
