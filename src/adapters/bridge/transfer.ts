import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { Calls } from './calls.ts'
import { type Chunked, isChunked } from './chunk.ts'
import { decodeValue } from './codec.ts'

/** The value itself, or the large value that it names, pulled piece by piece. */
export async function pull({ call }: Calls, value: unknown): Promise<unknown> {
  if (!isChunked(value)) return value
  const pieces: Uint8Array[] = []
  for (let offset = 0; offset < value.size; offset += pieces.at(-1)?.length ?? 0) {
    const { bytes } = (await call('chunk.read', [{ id: value.$chunked, offset }])) as { bytes: Uint8Array }
    if (bytes.length === 0) throw new KageError('KAGE_FRAME', 'A large value broke off.')
    pieces.push(bytes)
  }
  return decodeValue(Buffer.concat(pieces))
}

/** Pushes the encoding of a call's arguments piece by piece, and answers with the name to put in their place. */
export async function push({ call }: Calls, id: number, encoded: Buffer): Promise<Chunked> {
  if (encoded.length > limit.uploadBytes) {
    throw new KageError('KAGE_LIMIT', `A request of ${encoded.length} bytes is too large.`)
  }
  for (let offset = 0; offset < encoded.length; offset += limit.chunkBytes) {
    await call('chunk.write', [{ id, offset, bytes: encoded.subarray(offset, offset + limit.chunkBytes) }])
  }
  return { $chunked: id, size: encoded.length }
}
