// An answer of a hundred thousand small values takes most of its time to be encoded and decoded, value by value. As one text
// of JSON it takes a fifth of it; a string with lone surrogates is escaped in it, so that it comes out as it was.
import type { Packed } from '../../core/protocol/results.ts'

/** Plain data without bytes in it, as one value for the wire. */
export function packed<T>(value: T): Packed<T> {
  return { json: Buffer.from(JSON.stringify(value)) }
}

/** The data of a packed value. */
export function unpacked<T>({ json }: Packed<T>): T {
  return JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.length).toString()) as T
}
