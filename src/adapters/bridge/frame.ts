import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { type Boundary, type Caps, findBoundary, newBoundary } from './boundary.ts'

/** Cuts a stream of bytes into whole messages, in any chunking, in linear time. */
export interface Frames {
  /** Takes the next bytes; each whole message is valid only during its callback. KAGE_FRAME ends the stream. */
  push(chunk: Uint8Array, onMessage: (message: Uint8Array) => void): void
  /** Sets how large the following messages may be. */
  allow(bytes: number): void
}

/** Makes the frames of one connection; what only the daemon sends is not counted in values. */
export function createFrames(bytesMax: number, valuesMax: number = limit.frameValues): Frames {
  let caps: Caps = { bytes: bytesMax, depth: limit.frameDepth, values: valuesMax }
  let boundary = newBoundary()
  let held: Buffer = Buffer.alloc(0)
  let length = 0
  return {
    allow: (bytes) => void (caps = { ...caps, bytes }),
    push: (chunk, onMessage) => {
      const bytes = length === 0 ? chunk : append(chunk)
      const end = length === 0 ? chunk.length : length
      let start = 0
      while (findBoundary(boundary, bytes, start, end, caps)) {
        onMessage(bytes.subarray(start, start + boundary.at))
        start += boundary.at
        boundary = newBoundary()
      }
      keep(bytes, start, end)
    },
  }

  function append(chunk: Uint8Array): Buffer {
    if (length + chunk.length > held.length) held = grown(held, length, length + chunk.length)
    held.set(chunk, length)
    length += chunk.length
    return held
  }

  function keep(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) held = Buffer.alloc(0)
    else if (bytes !== held) held = Buffer.from(bytes.subarray(start, end))
    else if (start > 0) held.copyWithin(0, start, end)
    length = end - start
  }
}

/** Refuses bytes that are not exactly one value within the depth that messages may have. */
export function checkWhole(bytes: Uint8Array, valuesMax: number): void {
  const boundary: Boundary = newBoundary()
  const caps: Caps = { bytes: bytes.length, depth: limit.frameDepth, values: valuesMax }
  if (!findBoundary(boundary, bytes, 0, bytes.length, caps) || boundary.at !== bytes.length) {
    throw new KageError('KAGE_FRAME', 'What was pieced together is not one whole value.')
  }
}

function grown(held: Buffer, length: number, needed: number): Buffer {
  const larger = Buffer.alloc(Math.max(needed, 2 * held.length))
  held.copy(larger, 0, 0, length)
  return larger
}
