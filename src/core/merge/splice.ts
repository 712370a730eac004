import { overlapIn, sortAtoms } from './atom.ts'
import type { Atom, ByteString } from './change.ts'
import { joinTexts, lineTable, sliceLines } from './lines.ts'
import type { LineTable } from './lines.ts'

/** A base text with all atoms written into it; their order cannot matter, and two that overlap throw. */
export function splice(base: ByteString, atoms: readonly Atom[]): ByteString {
  const table = lineTable(base)
  return spliceLines(table, 0, table.offsets.length - 1, atoms)
}

/** The base lines [start, end) with atoms that lie within them written in. */
export function spliceLines(
  table: LineTable,
  start: number,
  end: number,
  atoms: readonly Atom[],
): ByteString {
  const [first] = atoms
  if (atoms.length === 1 && first?.start === start && first.end === end) return first.text
  const sorted = sortAtoms(atoms)
  refuseMisfits(sorted, start, end)
  const texts: ByteString[] = []
  let at = start
  for (const atom of sorted) {
    texts.push(sliceLines(table, at, atom.start), atom.text)
    at = atom.end
  }
  texts.push(sliceLines(table, at, end))
  // By the base alone: what else is decided of the text must not tell how this line ends.
  return joinTexts(texts, table.text)
}

function refuseMisfits(sorted: readonly Atom[], start: number, end: number): void {
  const overlap = overlapIn(sorted)
  if (overlap !== null) throw new Error(`Atoms overlap: ${overlap.map(show).join(' and ')}`)
  const misfit = sorted.find((atom) => atom.start < start || atom.end < atom.start || atom.end > end)
  if (misfit !== undefined)
    throw new Error(`The atom ${show(misfit)} lies outside of the lines ${start}-${end}`)
}

function show(atom: Atom): string {
  return `[${atom.start}, ${atom.end})`
}
