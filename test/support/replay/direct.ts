// What a selection makes of a file, written without the engine: lines are cut, chosen and joined by hand.
import type { Atom } from '../../../src/core/merge/change.ts'

/** A stretch of base lines and the lines that take their place. */
export interface Stretch {
  readonly start: number
  readonly end: number
  readonly lines: readonly string[]
}

/** The lines of a text, each with its end. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** Whether a text is the base with those stretches replaced; a line without an end, where another follows, has got one. */
export function isReplaced(base: string, stretches: readonly Stretch[], text: string): boolean {
  const lines = linesOf(base)
  // From the last to the first; an insertion before a replaced line comes after that line is replaced.
  const order = stretches.toSorted((left, right) => right.start - left.start || right.end - left.end)
  for (const { start, end, lines: fresh } of order) lines.splice(start, end - start, ...fresh)
  return ['\n', '\r\n'].some((end) => closed(lines, end).join('') === text)
}

/** The lines that an atom leaves in its place when only some of its new ones are picked. */
export function pickedOf(base: string, atom: Atom, picked: ReadonlySet<number>): Stretch {
  const [old, fresh] = [linesOf(base).slice(atom.start, atom.end), linesOf(atom.text)]
  const rows = Array.from({ length: Math.max(old.length, fresh.length) }, (_, index) => index)
  const lines = rows.flatMap((row) => (picked.has(row) ? fresh[row] : old[row]) ?? [])
  return { start: atom.start, end: atom.end, lines: picked.size === fresh.length ? fresh : lines }
}

function closed(lines: readonly string[], end: string): string[] {
  return lines.map((line, index) => (line.endsWith('\n') || index === lines.length - 1 ? line : line + end))
}
