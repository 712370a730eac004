// A pane of thousands of lines is painted by parts: at first so many lines at a time that Neovim is not kept busy, then only
// what differs from what was painted last.
import { limit } from '../core/limit.ts'
import type { Mark, Pane, PanePart } from './frame.ts'

/** The next step from what is painted towards a pane, as the pane that it leaves: the pane itself, or its first lines. */
export function stepTowards(before: Pane | undefined, pane: Pane): Pane {
  const most = (before?.lines.length ?? 0) + limit.linesPainted
  if (pane.lines.length <= most) return pane
  const rows = pane.rows.slice(0, most)
  const cursor = rows.includes(pane.cursor) ? pane.cursor : null
  return { ...pane, lines: pane.lines.slice(0, most), marks: marksBelow(pane.marks, most), rows, cursor }
}

/** What has to be painted of a pane, as far as its many lines are painted: those between the first and the last that differ. */
export function partOf(before: Pane | undefined, pane: Pane): Pane | PanePart {
  const { lines, rows, marks } = pane
  if (before === undefined || Math.min(lines.length, before.lines.length) <= limit.linesPaintedWhole)
    return pane
  const isSame = sameLines(before, pane)
  const most = Math.min(lines.length, before.lines.length)
  let from = 0
  while (from < most && isSame(from, from)) from += 1
  let end = 0
  const [last, lastBefore] = [lines.length - 1, before.lines.length - 1]
  while (end < most - from && isSame(lastBefore - end, last - end)) end += 1
  const until = lines.length - end
  return {
    ...pane,
    from,
    until: before.lines.length - end,
    lines: lines.slice(from, until),
    rows: rows.slice(from, until),
    marks: marks.filter(([row]) => row >= from && row < until),
  }
}

function marksBelow(marks: readonly Mark[], count: number): Mark[] {
  return marks.filter(([row]) => row < count)
}

/** A test whether a line of one pane is like one of another: text, what it is about, and marks. */
function sameLines(before: Pane, now: Pane): (old: number, at: number) => boolean {
  const [marksBefore, marksNow] = [marksByRow(before), marksByRow(now)]
  return (old, at) =>
    before.lines[old] === now.lines[at] &&
    before.rows[old] === now.rows[at] &&
    isSameMarks(marksBefore.get(old), marksNow.get(at))
}

const known = new WeakMap<Pane, ReadonlyMap<number, readonly Mark[]>>()

function marksByRow(pane: Pane): ReadonlyMap<number, readonly Mark[]> {
  const byRow = known.get(pane) ?? Map.groupBy(pane.marks, ([row]) => row)
  known.set(pane, byRow)
  return byRow
}

function isSameMarks(before: readonly Mark[] = [], now: readonly Mark[] = []): boolean {
  return (
    before.length === now.length &&
    now.every((mark, at) => [1, 2, 3].every((part) => mark[part] === before[at]?.[part]))
  )
}
