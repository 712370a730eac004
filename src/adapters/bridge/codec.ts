// msgpack-lite with three deliberate differences. Strings carry bytes: what is not UTF-8 travels as it is and is read
// as U+DC00 + byte, so a path like 'a\udcff' is the bytes 61 ff on the wire, as Neovim has it. Maps are objects without
// a prototype, so a key named __proto__ is a key. Objects are packed by their own entries alone.
import { createCodec, decode, encode, type Codec } from 'msgpack-lite'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { decodeUtf8Escaped, encodeUtf8 } from '../../core/merge/utf8.ts'

/** The two hooks by which msgpack-lite's codec comes back to itself for every element. */
interface Hooks {
  encode: (encoder: Sink, value: unknown) => void
  decode: (decoder: Source) => unknown
}

interface Sink {
  send(bytes: Buffer): void
}

interface Source {
  readonly buffer: Buffer
  readonly offset: number
}

const codec = createCodec({ usemap: true }) as Codec & Hooks
const pack = codec.encode
const unpack = codec.decode
codec.encode = packValue
codec.decode = unpackValue
let depth = 0

/** Encodes plain data: null, booleans, numbers, strings, bytes, arrays and objects; throws on anything else. */
export function encodeValue(value: unknown): Buffer {
  depth = 0
  return encode(value, { codec })
}

/** Decodes one whole value whose bounds were scanned; KAGE_FRAME when it is malformed. */
export function decodeValue(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  try {
    return decode(buffer, { codec })
  } catch (thrown) {
    if (thrown instanceof KageError) throw thrown
    throw new KageError('KAGE_FRAME', `A message could not be decoded: ${String(thrown)}.`)
  }
}

function packValue(encoder: Sink, value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) return encoder.send(stringToken(bytesOf(value)))
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol')
    throw foreign(typeof value)
  if (typeof value !== 'object' || value === null) return pack(encoder, value)
  if (value instanceof Uint8Array)
    return pack(encoder, Buffer.from(value.buffer, value.byteOffset, value.length))
  if (++depth > limit.frameDepth) throw new KageError('KAGE_FRAME', 'A message is nested too deep.')
  pack(encoder, Array.isArray(value) ? value : entriesOf(value))
  depth--
}

function entriesOf(value: object): Map<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw foreign(value.constructor.name)
  return new Map(Object.entries(value).filter(([, item]) => item !== undefined))
}

function foreign(kind: string): TypeError {
  return new TypeError(`A ${kind} cannot be sent.`)
}

/** A lone surrogate that stands for no byte becomes U+FFFD, as in every encoder. */
function bytesOf(text: string): Buffer {
  const carried = text.replaceAll(/[\ud800-\udc7f\udd00-\udfff]/gu, '\ufffd')
  return Buffer.from(encodeUtf8(carried, true) ?? '', 'latin1')
}

function stringToken(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5)
  if (bytes.length < 32) return Buffer.concat([Buffer.of(0xa0 | bytes.length), bytes])
  head[0] = 0xdb
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

function unpackValue(decoder: Source): unknown {
  const start = decoder.offset
  const value = unpack(decoder)
  if (typeof value === 'string') return value.includes('\ufffd') ? textAt(decoder, start) : value
  if (value instanceof Map) return objectOf(value)
  if (value instanceof Uint8Array) return new Uint8Array(value.buffer, value.byteOffset, value.length)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    throw new KageError('KAGE_FRAME', 'A message holds an extension type.')
  }
  return value
}

function textAt(decoder: Source, start: number): string {
  const type = decoder.buffer[start] ?? 0
  const head = type < 0xc0 ? 1 : type === 0xd9 ? 2 : type === 0xda ? 3 : 5
  return decodeUtf8Escaped(decoder.buffer.toString('latin1', start + head, decoder.offset))
}

function objectOf(map: Map<unknown, unknown>): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>
  for (const [key, value] of map) {
    if (typeof key !== 'string')
      throw new KageError('KAGE_FRAME', 'A message holds a key that is not a string.')
    object[key] = value
  }
  return object
}
