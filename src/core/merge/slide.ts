// Where lines repeat, one and the same insertion or removal can be written at several places: either of two blank lines may be
// the new one. Regions show it where it reads best (git's indent heuristic); git merges it as far down as it goes
// (xdl_change_compact in git's xdiff/xdiffi.c), and so must what is decided, to land among the person's lines as git has it.
import { sortAtoms } from './atom.ts'
import type { Atom, ByteString } from './change.ts'
import { splitLines } from './lines.ts'

/** Lists of atoms of one base, with each insertion and removal as far down as it goes before the next atom of any list. */
export function slidDown(base: ByteString, lists: readonly (readonly Atom[])[]): Atom[][] {
  const lines = splitLines(base)
  const all = sortAtoms(lists.flat())
  const slidAtoms = new Map(
    all.map((atom, at) => [nameOf(atom), slid(atom, lines, limitAfter(all, at, lines.length))] as const),
  )
  return lists.map((atoms) => atoms.map((atom) => slidAtoms.get(nameOf(atom)) ?? atom))
}

/** Where the next of sorted atoms begins that is not within this one. */
function limitAfter(all: readonly Atom[], at: number, end: number): number {
  const atom = all[at]
  // Of two insertions at one point neither goes anywhere.
  const before = all[at - 1]
  if (atom === undefined || (before?.start === atom.start && atom.start === atom.end)) return atom?.end ?? end
  let next = at + 1
  while ((all[next]?.start ?? end) < atom.end) next += 1
  return all[next]?.start ?? end
}

function nameOf({ start, end, text }: Atom): string {
  return `${start} ${end} ${text}`
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
