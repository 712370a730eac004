// A value too large for one frame stays behind as bytes and is named instead: {"$chunked": 7, size: 2500000}. The
// other side pulls it by chunk.read, or has pushed it by chunk.write before it asked.
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { decodeValue } from './codec.ts'
import { checkWhole } from './frame.ts'

/** What stands for a large value in a message. */
export interface Chunked {
  readonly $chunked: number
  readonly size: number
}

/** The large values of one connection, both ways, freed with it. */
export interface Shelf {
  /** Keeps the encoding of a value until it was read to its end. */
  keep(bytes: Buffer): Chunked
  /** Takes a written value: the list of a call's arguments. */
  take(chunked: Chunked): readonly unknown[]
  /** Answers chunk.read, chunk.write and chunk.free; undefined for any other method. */
  answer(method: string, argument: unknown): unknown
}

/** Makes the shelf of one connection; it never holds more than limit.uploadBytes. */
export function createShelf(): Shelf {
  const kept = new Map<number, Buffer>()
  const written = new Map<number, Upload>()
  let keptId = 0
  let held = 0
  const reserve = (bytes: number): void => {
    if (held + bytes > limit.uploadBytes)
      throw new KageError('KAGE_LIMIT', `More than ${limit.uploadBytes} bytes are in transit.`)
    held += bytes
  }
  const free = (id: number): void => {
    held -= kept.get(id)?.length ?? 0
    kept.delete(id)
  }
  return {
    keep: (bytes) => {
      reserve(bytes.length)
      kept.set(++keptId, bytes)
      return { $chunked: keptId, size: bytes.length }
    },
    take: ({ $chunked, size }) => {
      const upload = written.get($chunked)
      written.delete($chunked)
      held -= upload?.length ?? 0
      if (upload?.length !== size) throw new KageError('KAGE_FRAME', 'A large value was not written whole.')
      return argumentsOf(Buffer.concat(upload.pieces))
    },
    answer: (method, argument) => {
      if (method === 'chunk.read') return read(kept, number(argument, 'id'), number(argument, 'offset'), free)
      if (method === 'chunk.free') return free(number(argument, 'id'))
      if (method === 'chunk.write') return write(written, argument, reserve)
      return undefined
    },
  }
}

interface Upload {
  readonly pieces: Buffer[]
  length: number
}

/** Whether a value is such a name and nothing else. */
export function isChunked(value: unknown): value is Chunked {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false
  const { $chunked, size } = value as Record<string, unknown>
  return Number.isSafeInteger($chunked) && Number.isSafeInteger(size)
}

function read(
  kept: Map<number, Buffer>,
  id: number,
  offset: number,
  free: (id: number) => void,
): { bytes: Buffer } {
  const whole = kept.get(id)
  if (whole === undefined || offset > whole.length)
    throw new KageError('KAGE_USAGE', `No chunk ${id} is kept at ${offset}.`)
  const end = offset + limit.chunkBytes
  if (end >= whole.length) free(id)
  return { bytes: whole.subarray(offset, end) }
}

function write(
  written: Map<number, Upload>,
  argument: unknown,
  reserve: (bytes: number) => void,
): { size: number } {
  const id = number(argument, 'id')
  const bytes = (argument as { bytes?: unknown }).bytes
  const upload = written.get(id) ?? { pieces: [], length: 0 }
  if (!(bytes instanceof Uint8Array) || bytes.length === 0 || number(argument, 'offset') !== upload.length) {
    throw new KageError('KAGE_USAGE', `Chunk ${id} is not written in order.`)
  }
  reserve(bytes.length)
  upload.pieces.push(Buffer.from(bytes))
  upload.length += bytes.length
  written.set(id, upload)
  return { size: upload.length }
}

function argumentsOf(bytes: Buffer): readonly unknown[] {
  checkWhole(bytes, limit.uploadValues)
  const params = decodeValue(bytes)
  if (!Array.isArray(params)) throw new KageError('KAGE_FRAME', 'A large value is no list of arguments.')
  return params
}

function number(argument: unknown, key: string): number {
  const value =
    typeof argument === 'object' && argument !== null ? (argument as Record<string, unknown>)[key] : undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new KageError('KAGE_USAGE', `"${key}" of a chunk is not a count.`)
}
