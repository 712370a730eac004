import { sortAtoms } from './atom.ts'
import type { Atom } from './change.ts'
import { splitLines } from './lines.ts'

/** Lines, 0-based and half-open. */
export type LineRange = readonly [start: number, end: number]

/** The lines of a base that lines of the text with these atoms come from; of an atom's own lines all that it replaced. */
export function baseLinesOf(atoms: readonly Atom[], [start, end]: LineRange): LineRange {
  const sorted = sortAtoms(atoms)
  return [baseLineOf(sorted, start, 'start'), baseLineOf(sorted, end, 'end')]
}

function baseLineOf(sorted: readonly Atom[], line: number, edge: 'start' | 'end'): number {
  let moved = 0
  for (const atom of sorted) {
    const from = atom.start + moved
    const to = from + splitLines(atom.text).length
    if (line < from || (line === from && edge === 'end')) break
    if (line < to || (line === to && edge === 'end')) return atom[edge]
    moved = to - atom.end
  }
  return line - moved
}
