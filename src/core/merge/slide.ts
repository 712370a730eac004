// Where lines repeat, one and the same insertion or removal can be written at several places: either of two blank lines may be
// the new one. Regions show it where it reads best (git's indent heuristic); git merges it as far down as it goes
// (xdl_change_compact in git's xdiff/xdiffi.c), and so must what is decided, to land among the person's lines as git has it.
import { compareAtoms, isSameAtom } from './atom.ts'
import type { Atom, ByteString } from './change.ts'
import { splitLines } from './lines.ts'

/** Lists of atoms of one base, with each insertion and removal as far down as it goes before the next atom of any list. */
export function slidDown(base: ByteString, lists: readonly (readonly Atom[])[]): Atom[][] {
  const lines = splitLines(base)
  const starts = [...new Set(lists.flat())].toSorted(compareAtoms)
  const limitOf = (atom: Atom): number =>
    starts.find((other) => other.start >= atom.end && !isSameAtom(other, atom))?.start ?? lines.length
  return lists.map((atoms) => atoms.map((atom) => slid(atom, lines, limitOf(atom))))
}

function slid(atom: Atom, lines: readonly ByteString[], limit: number): Atom {
  if (atom.start === atom.end) return slidInsertion(atom, lines, limit)
  let { start, end } = atom
  while (atom.text === '' && end < limit && lines[end] === lines[start]) [start, end] = [start + 1, end + 1]
  return { ...atom, start, end }
}

function slidInsertion({ start, text }: Atom, lines: readonly ByteString[], limit: number): Atom {
  const added = splitLines(text)
  let by = 0
  while (start + by < limit && lines[start + by] === added[by % added.length]) by += 1
  const first = by % added.length
  const at = start + by
  return { start: at, end: at, text: [...added.slice(first), ...added.slice(0, first)].join('') }
}
