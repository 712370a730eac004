// Several ascending lists of atoms are swept side by side. Of [[1, 3) [8, 9)] and [[2, 4) [4, 4)] come the spans
// [1, 4), with one atom of the first list and two of the second, and [8, 9), with one of the first.
import type { Atom } from './change.ts'

/** A union of atoms that overlap or lie side by side, with each list's part in it; lists without one are left out. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly parts: readonly SpanPart[]
}

export interface SpanPart {
  readonly list: number
  readonly atoms: readonly Atom[]
}

/** The spans of ascending lists of atoms; an insertion at the edge of a range belongs to it. */
export function spansOf(lists: readonly (readonly Atom[])[]): Span[] {
  const spans: Span[] = []
  const next = lists.map(() => 0)
  for (;;) {
    const start = firstStart(lists, next)
    if (start === null) return spans
    const from = [...next]
    const end = advance(lists, next, start)
    spans.push({ start, end, parts: partsOf(lists, from, next) })
  }
}

function firstStart(lists: readonly (readonly Atom[])[], next: readonly number[]): number | null {
  let first: number | null = null
  for (let list = 0; list < lists.length; list += 1) {
    const start = lists[list]?.[next[list] ?? 0]?.start
    if (start !== undefined && (first === null || start < first)) first = start
  }
  return first
}

/** Moves each list past its atoms that touch the span from `start` on, as long as the span grows; returns its end. */
function advance(lists: readonly (readonly Atom[])[], next: number[], start: number): number {
  let end = start
  for (let list = 0, still = 0; still < lists.length; list = (list + 1) % lists.length) {
    const atom = lists[list]?.[next[list] ?? 0]
    if (atom === undefined || atom.start > end) {
      still += 1
    } else {
      end = Math.max(end, atom.end)
      next[list] = (next[list] ?? 0) + 1
      still = 0
    }
  }
  return end
}

function partsOf(
  lists: readonly (readonly Atom[])[],
  from: readonly number[],
  to: readonly number[],
): SpanPart[] {
  const parts: SpanPart[] = []
  for (let list = 0; list < lists.length; list += 1) {
    if (from[list] === to[list]) continue
    parts.push({ list, atoms: lists[list]?.slice(from[list], to[list]) ?? [] })
  }
  return parts
}
