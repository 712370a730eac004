import { KageError } from '../../core/error.ts'
import { bodyBytes, childCount, headBytes, isExact, isMap, isText } from './token.ts'

/** What a message may hold at most. */
export interface Caps {
  readonly bytes: number
  readonly depth: number
  readonly values: number
}

/** How far the search for a message's end has come: `at` bytes from its start, inside these open containers. */
export interface Boundary {
  at: number
  values: number
  readonly open: { left: number; readonly map: boolean }[]
}

/** A search that has seen nothing yet. */
export function newBoundary(): Boundary {
  return { at: 0, values: 0, open: [{ left: 1, map: false }] }
}

/**
 * Goes on where it stopped, over the bytes from `start` to `end`, and tells whether the message is whole: then its
 * size is `at`. Every byte is looked at once. KAGE_FRAME as soon as a cap is passed or a value is refused.
 */
export function findBoundary(
  boundary: Boundary,
  bytes: Uint8Array,
  start: number,
  end: number,
  caps: Caps,
): boolean {
  while (boundary.open.length > 0) {
    const at = start + boundary.at
    if (at >= end) return false
    const head = headBytes[bytes[at] ?? 0] ?? 0
    if (head === 0)
      throw new KageError('KAGE_FRAME', 'A message holds a value of a type that is not used here.')
    if (at + head > end) return false
    enter(boundary, bytes, at, head, caps)
  }
  return start + boundary.at <= end
}

function enter(boundary: Boundary, bytes: Uint8Array, at: number, head: number, caps: Caps): void {
  const type = bytes[at] ?? 0
  const children = childCount(bytes, at)
  const level = boundary.open.at(-1)
  if (level === undefined) return
  if (level.map && level.left % 2 === 0 && !isText(type)) throw tooMuch('a key that is not a string')
  if (!isExact(bytes, at)) throw tooMuch('an integer of more than 53 bits')
  boundary.at += head + bodyBytes(bytes, at)
  boundary.values += children
  if (boundary.at + children > caps.bytes) throw tooMuch(`more than ${caps.bytes} bytes`)
  if (boundary.values > caps.values) throw tooMuch(`more than ${caps.values} values`)
  level.left--
  if (boundary.open.length > caps.depth) {
    if (children > 0) throw tooMuch(`more than ${caps.depth} levels`)
  } else if (children > 0) boundary.open.push({ left: children, map: isMap(type) })
  while (boundary.open.at(-1)?.left === 0) boundary.open.pop()
}

function tooMuch(what: string): KageError {
  return new KageError('KAGE_FRAME', `A message holds ${what}.`)
}
