// UTF-8 by hand, over byte strings, because the core has no TextDecoder. A byte that is not UTF-8 can be carried as
// the lone surrogate U+DC00 + byte (Python's "surrogateescape"): `a\xff` <-> 'a\udcff'.
import type { ByteString } from './change.ts'

/** The text of bytes that are valid UTF-8, else null. */
export function decodeUtf8(bytes: ByteString): string | null {
  return decode(bytes, false)
}

/** The text of any bytes; a byte that is not UTF-8 becomes a lone surrogate. */
export function decodeUtf8Escaped(bytes: ByteString): string {
  return decode(bytes, true) ?? ''
}

/** The bytes of a text, or null where it holds a lone surrogate that (with `escaped`) stands for no byte. */
export function encodeUtf8(text: string, escaped = false): ByteString | null {
  const parts: string[] = []
  let at = 0
  while (at < text.length) {
    const plain = runLength(text, at)
    parts.push(text.slice(at, at + plain))
    at += plain
    if (at === text.length) break
    const point = text.codePointAt(at) ?? 0
    const bytes = encodePoint(point, escaped)
    if (bytes === null) return null
    parts.push(bytes)
    at += point > 0xffff ? 2 : 1
  }
  return parts.join('')
}

function decode(bytes: ByteString, escaped: boolean): string | null {
  const parts: string[] = []
  let at = 0
  while (at < bytes.length) {
    const plain = runLength(bytes, at)
    parts.push(bytes.slice(at, at + plain))
    at += plain
    if (at === bytes.length) break
    const point = pointAt(bytes, at)
    if (point === null && !escaped) return null
    parts.push(String.fromCodePoint(point ?? 0xdc00 + bytes.charCodeAt(at)))
    at += point === null ? 1 : sizeOf(point)
  }
  return parts.join('')
}

/** How many characters from `at` on are ASCII. */
function runLength(text: string, at: number): number {
  let end = at
  while (end < text.length && text.charCodeAt(end) < 0x80) end += 1
  return end - at
}

/** The code point of the UTF-8 sequence at a non-ASCII byte: shortest form only, no surrogates; else null. */
function pointAt(bytes: ByteString, at: number): number | null {
  const first = bytes.charCodeAt(at)
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4) return null
  let point = first & (0x7f >> size)
  for (let index = at + 1; index < at + size; index += 1) {
    const next = bytes.charCodeAt(index)
    if ((next & 0xc0) !== 0x80) return null
    point = (point << 6) | (next & 0x3f)
  }
  const surrogate = point >= 0xd800 && point <= 0xdfff
  return surrogate || point > 0x10ffff || sizeOf(point) !== size ? null : point
}

function sizeOf(point: number): number {
  return point > 0xffff ? 4 : point > 0x7ff ? 3 : point > 0x7f ? 2 : 1
}

function encodePoint(point: number, escaped: boolean): ByteString | null {
  if (point >= 0xd800 && point <= 0xdfff) {
    return escaped && point >= 0xdc80 && point <= 0xdcff ? String.fromCharCode(point - 0xdc00) : null
  }
  const size = sizeOf(point)
  const tail = (index: number): number => 0x80 | ((point >> (6 * index)) & 0x3f)
  if (size === 2) return String.fromCharCode(0xc0 | (point >> 6), tail(0))
  if (size === 3) return String.fromCharCode(0xe0 | (point >> 12), tail(1), tail(0))
  return String.fromCharCode(0xf0 | (point >> 18), tail(2), tail(1), tail(0))
}
