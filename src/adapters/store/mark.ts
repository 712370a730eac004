import { createHash } from 'node:crypto'
import { closeSync, constants, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Numbers } from '../../core/numbers.ts'

/** How far a store had come, kept outside it: a store that is behind its mark, or has another link there, went back in time. */
export interface Mark extends Numbers {
  readonly seq: number
  readonly chain: string
}

/** The file of the mark for the store of a directory, in Kage's data directory. */
export function markPath(data: string, storeDirectory: string): string {
  return join(data, `store-${hashOf(storeDirectory)}.mark`)
}

/** Reads a mark; null where there is none, or none that is whole. */
export function readMark(path: string): Mark | null {
  try {
    const [text = '', hash] = readFileSync(path, 'utf8').trimEnd().split('\t')
    return hashOf(text) === hash ? (JSON.parse(text) as Mark) : null
  } catch {
    return null
  }
}

/**
 * Keeps a mark up to date. It is written after a commit is durable, without waiting for the disk, so it may lag behind the
 * store, and is never ahead of it. A mark that cannot be written stays as it is.
 */
export class MarkFile {
  readonly #file: number | null
  #last: Mark
  #timer: NodeJS.Timeout | null = null

  constructor(path: string | null) {
    this.#last = (path === null ? null : readMark(path)) ?? { seq: 0, chain: '', run: 0, undo: 0 }
    this.#file = path === null ? null : openOrNull(path)
  }

  /** Moves the mark forward; a store that went back in time does not take it along. */
  move({ seq, chain, run, undo }: Mark): void {
    if (this.#file === null || seq < this.#last.seq) return
    this.#last = { seq, chain, run: Math.max(run, this.#last.run), undo: Math.max(undo, this.#last.undo) }
    const text = JSON.stringify(this.#last)
    this.#quietly((file) => writeSync(file, `${text}\t${hashOf(text)}`.padEnd(recordBytes), 0))
    this.#timer ??= setTimeout(() => this.#sync(), syncEveryMs).unref()
  }

  close(): void {
    this.#sync()
    this.#quietly((file) => closeSync(file))
  }

  #sync(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#quietly((file) => fdatasyncSync(file))
  }

  #quietly(work: (file: number) => void): void {
    try {
      if (this.#file !== null) work(this.#file)
    } catch {
      // A full disk, for example: the store itself says so.
    }
  }
}

// It lies within one sector of the disk, which is written whole or not at all.
const recordBytes = 256
const syncEveryMs = 5_000

function openOrNull(path: string): number | null {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  } catch {
    return null
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
