// The heads of msgpack's values. A value is a head of 1 to 9 bytes, then a body of bytes or a number of children:
// d9 03 | 61 62 63 is a text of three bytes; 82 | … is a map of two pairs, so of four children.

/** The size of a head by its first byte; 0 marks what is refused: extension types and the byte that is never used. */
export const headBytes: Uint8Array = Uint8Array.from({ length: 256 }, (_, type) => headSize(type))

/** How many bytes follow a whole head as its body. */
export function bodyBytes(bytes: Uint8Array, at: number): number {
  const type = bytes[at] ?? 0
  if (type >= 0xa0 && type <= 0xbf) return type & 0x1f
  if ((type >= 0xc4 && type <= 0xc6) || (type >= 0xd9 && type <= 0xdb)) return counted(bytes, at)
  return 0
}

/** How many values follow a whole head as its children; a pair of a map is two. */
export function childCount(bytes: Uint8Array, at: number): number {
  const type = bytes[at] ?? 0
  if (type >= 0x80 && type <= 0x8f) return 2 * (type & 0x0f)
  if (type >= 0x90 && type <= 0x9f) return type & 0x0f
  if (type === 0xdc || type === 0xdd) return counted(bytes, at)
  return type === 0xde || type === 0xdf ? 2 * counted(bytes, at) : 0
}

/** Whether a head begins a text. */
export function isText(type: number): boolean {
  return (type >= 0xa0 && type <= 0xbf) || (type >= 0xd9 && type <= 0xdb)
}

/** Whether a head begins a map. */
export function isMap(type: number): boolean {
  return (type >= 0x80 && type <= 0x8f) || type === 0xde || type === 0xdf
}

/** Whether a 64-bit integer fits a JavaScript number without loss; every other value does. */
export function isExact(bytes: Uint8Array, at: number): boolean {
  const type = bytes[at]
  if (type !== 0xcf && type !== 0xd3) return true
  const high = unsigned(bytes, at + 1, 4)
  const signed = type === 0xd3 ? high | 0 : high
  return signed >= -0x200000 && signed < 0x200000
}

function headSize(type: number): number {
  if (type === 0xc1 || (type >= 0xc7 && type <= 0xc9) || (type >= 0xd4 && type <= 0xd8)) return 0
  if (type < 0xc4 || type >= 0xe0) return 1
  if (type === 0xca) return 5
  if (type === 0xcb) return 9
  if (type >= 0xcc && type <= 0xd3) return 1 + 2 ** (type & 3)
  const sizes: Record<number, number> = {
    0xc4: 2,
    0xc5: 3,
    0xc6: 5,
    0xd9: 2,
    0xda: 3,
    0xdb: 5,
    0xdc: 3,
    0xdd: 5,
    0xde: 3,
    0xdf: 5,
  }
  return sizes[type] ?? 0
}

function counted(bytes: Uint8Array, at: number): number {
  return unsigned(bytes, at + 1, (headBytes[bytes[at] ?? 0] ?? 1) - 1)
}

function unsigned(bytes: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let index = at; index < at + size; index++) value = value * 256 + (bytes[index] ?? 0)
  return value
}
