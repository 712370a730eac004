import { sortAtoms } from './atom.ts'
import type { Atom, ByteString } from './change.ts'
import { lineTable, sliceLines, splitLines } from './lines.ts'

/** The atoms that take some of all atoms out of a text that has all of them. */
export function reversedAtoms(base: ByteString, all: readonly Atom[], some: ReadonlySet<Atom>): Atom[] {
  const table = lineTable(base)
  let moved = 0
  return sortAtoms(all).flatMap((atom) => {
    const start = atom.start + moved
    const end = start + splitLines(atom.text).length
    moved = end - atom.end
    return some.has(atom) ? [{ start, end, text: sliceLines(table, atom.start, atom.end) }] : []
  })
}
