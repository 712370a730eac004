import { sortAtoms } from './atom.ts'
import type { Atom, ByteString } from './change.ts'
import { lineTable, sliceLines, splitLines } from './lines.ts'

/** The atoms that take some of all atoms out of a text that has all of them; what lies side by side goes out as one. */
export function reversedAtoms(base: ByteString, all: readonly Atom[], some: ReadonlySet<Atom>): Atom[] {
  const table = lineTable(base)
  const reversed: Atom[] = []
  let moved = 0
  for (const atom of sortAtoms(all)) {
    const start = atom.start + moved
    const end = start + splitLines(atom.text).length
    moved = end - atom.end
    if (!some.has(atom)) continue
    const text = sliceLines(table, atom.start, atom.end)
    const last = reversed.at(-1)
    if (last?.end === start) {
      reversed[reversed.length - 1] = { start: last.start, end, text: last.text + text }
    } else {
      reversed.push({ start, end, text })
    }
  }
  return reversed
}
