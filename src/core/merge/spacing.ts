// Lines that differ only in whitespace or line ends. An agent that gives every line another end has one change of the whole
// file; its lines pair up with those of the base, so that the change can be cut between them:
//   base `1 2 3`, changed to `1\r 2\r new\r 3\r`   →   three lines that differ in their ends, and an insertion before the last
import { limit } from '../limit.ts'
import type { Atom, ByteString } from './change.ts'
import { type LineTable, sliceLines, splitLines } from './lines.ts'

/** How a text differs from another, where it is only in whitespace. */
export type Spacing = 'line-ends' | 'whitespace'

/** A part of an atom: one base line with other whitespace (`isSoft`), or what else it changes between such lines. */
export interface Piece extends Atom {
  readonly isSoft: boolean
}

/** Whether two texts differ only in their line ends, or only in whitespace; null where they differ in more, or are equal. */
export function spacingOf(base: ByteString, text: ByteString): Spacing | null {
  if (base === text) return null
  if (withoutEnds(base) === withoutEnds(text)) return 'line-ends'
  return withoutSpace(base) === withoutSpace(text) ? 'whitespace' : null
}

/**
 * The pieces of an atom in order, which together are the atom; null where no line of it differs in whitespace alone. Where the
 * whole atom does, lines are paired whatever whitespace they have, else by what stands before their trailing whitespace: an
 * indentation that changes together with other lines belongs to them.
 */
export function piecesOf(table: LineTable, atom: Atom): readonly Piece[] | null {
  const before = known.get(atom)
  if (before !== undefined) return before
  const pieces = piecesAnew(table, atom)
  known.set(atom, pieces)
  return pieces
}

const known = new WeakMap<Atom, readonly Piece[] | null>()

function piecesAnew(table: LineTable, { start, end, text }: Atom): Piece[] | null {
  if (start === end || text === '') return null
  const base = splitLines(sliceLines(table, start, end))
  const made = splitLines(text)
  const isSpacing = withoutSpace(base.join('')) === withoutSpace(text)
  const plain = isSpacing ? withoutSpace : withoutTrailing
  const [olds, nows] = [base.map(plain), made.map(plain)]
  // What changes more than every second line in other ways is no change of spacing.
  const half = base.length / 2
  if (commonIn(olds, nows) < half) return null
  const pairs = pairsOf(olds, nows).filter(([old, now]) => isOtherSpacing(base[old], made[now]))
  if (pairs.length < Math.max(half, 2)) return null
  const pieces: Piece[] = []
  let [old, now] = [0, 0]
  const addHard = (oldEnd: number, nowEnd: number): void => {
    if (old === oldEnd && now === nowEnd) return
    const other = made.slice(now, nowEnd).join('')
    pieces.push({ start: start + old, end: start + oldEnd, text: other, isSoft: false })
  }
  for (const [oldAt, nowAt] of pairs) {
    addHard(oldAt, nowAt)
    pieces.push({ start: start + oldAt, end: start + oldAt + 1, text: made[nowAt] ?? '', isSoft: true })
    ;[old, now] = [oldAt + 1, nowAt + 1]
  }
  addHard(base.length, made.length)
  return pieces
}

/** Whether lines that pair up differ, and in more than that a file ends without a line feed. */
function isOtherSpacing(old = '', now = ''): boolean {
  return old !== now && old !== `${now}\n` && now !== `${old}\n`
}

function withoutEnds(text: ByteString): ByteString {
  const plain = text.replaceAll(/\r+(?=\n|$)/g, '')
  return plain === '' || plain.endsWith('\n') ? plain : `${plain}\n`
}

function withoutSpace(text: ByteString): ByteString {
  return text.replaceAll(/[ \t\r\n\f\v]+/g, '')
}

function withoutTrailing(line: ByteString): ByteString {
  return line.replace(/[ \t\r\n\f\v]+$/, '')
}

/** How many lines of the first list are lines of the other. */
function commonIn(olds: readonly string[], nows: readonly string[]): number {
  const lines = new Set(nows)
  return olds.filter((line) => lines.has(line)).length
}

type Pair = readonly [old: number, now: number]

/** Equal lines of two lists, each once and in order, as many as a bounded search finds. */
function pairsOf(old: readonly string[], now: readonly string[]): Pair[] {
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1
  let [oldEnd, nowEnd] = [old.length, now.length]
  while (oldEnd > start && nowEnd > start && old[oldEnd - 1] === now[nowEnd - 1])
    [oldEnd, nowEnd] = [oldEnd - 1, nowEnd - 1]
  const middle = searched(old.slice(start, oldEnd), now.slice(start, nowEnd))
  return [
    ...Array.from({ length: start }, (_, at): Pair => [at, at]),
    ...middle.map(([left, right]): Pair => [left + start, right + start]),
    ...Array.from({ length: old.length - oldEnd }, (_, at): Pair => [oldEnd + at, nowEnd + at]),
  ]
}

/** The same by Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986); none where more than a bounded number differs. */
function searched(old: readonly string[], now: readonly string[]): Pair[] {
  const most = Math.min(old.length + now.length, limit.spacingDifferences)
  const reached: Map<number, number>[] = []
  let front = new Map([[1, 0]])
  for (let cost = 0; cost <= most; cost += 1) {
    reached.push(front)
    const next = new Map(front)
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      let at = startOn(front, diagonal, cost)
      while (at < old.length && at - diagonal < now.length && old[at] === now[at - diagonal]) at += 1
      next.set(diagonal, at)
      if (at >= old.length && at - diagonal >= now.length)
        return tracedBack(reached, [old.length, now.length])
    }
    front = next
  }
  return []
}

/** Where a diagonal is entered. */
function startOn(front: ReadonlyMap<number, number>, diagonal: number, cost: number): number {
  return isFromAbove(front, diagonal, cost)
    ? (front.get(diagonal + 1) ?? 0)
    : (front.get(diagonal - 1) ?? 0) + 1
}

/** Whether a diagonal is entered from the one above (a line comes) and not from the one below (a line goes). */
function isFromAbove(front: ReadonlyMap<number, number>, diagonal: number, cost: number): boolean {
  if (diagonal === -cost) return true
  return diagonal !== cost && (front.get(diagonal - 1) ?? 0) < (front.get(diagonal + 1) ?? 0)
}

function tracedBack(reached: readonly ReadonlyMap<number, number>[], [oldEnd, nowEnd]: Pair): Pair[] {
  const pairs: Pair[] = []
  let [old, now] = [oldEnd, nowEnd]
  for (let cost = reached.length - 1; cost >= 0; cost -= 1) {
    const front = reached[cost] ?? new Map<number, number>()
    const diagonal = old - now
    const start = cost === 0 ? 0 : startOn(front, diagonal, cost)
    while (old > start && now > start - diagonal) {
      ;[old, now] = [old - 1, now - 1]
      pairs.push([old, now])
    }
    if (cost === 0) break
    ;[old, now] = isFromAbove(front, diagonal, cost)
      ? [start, start - diagonal - 1]
      : [start - 1, start - diagonal]
  }
  return pairs.toReversed()
}
