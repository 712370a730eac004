// Some lines of a variant. Within an atom, old and new lines pair up by position: a picked new line replaces the old
// line of its position; a new line beyond the old ones is inserted after them; old lines beyond the new ones go only
// when all new lines of the atom are picked. A pure deletion is picked with both lines around it (or the one, at the
// region's edge). What is not picked stays as in the base. With an atom that makes `x y z` of `a b`:
//   1 -> x b      2 -> a y      3 -> a b z      1-2 -> x y      2-3 -> a y z      1-3 -> x y z, the whole atom
import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import type { Atom, ByteString } from './change.ts'
import { splitLines } from './lines.ts'
import { showPath } from './path-name.ts'
import type { TextRegion, TextVariant } from './region-view.ts'

/** Lines of a text, counted from 1, both included. */
export interface LineRange {
  readonly first: number
  readonly last: number
}

/** The atoms that take only some lines of a variant's text. */
export function pickLines(
  region: TextRegion,
  variant: TextVariant,
  ranges: readonly LineRange[],
): Atom[] | Fault {
  const picked = pickedLines(region.path, splitLines(variant.text).length, ranges)
  if (!Array.isArray(picked)) return picked
  let grown = 0
  return variant.atoms.flatMap((atom) => {
    const lines = splitLines(atom.text)
    const at = atom.start - region.start + grown
    grown += lines.length - (atom.end - atom.start)
    if (lines.length === 0) return isDeletionPicked(picked, at) ? [atom] : []
    return pickOfAtom(atom, lines, picked.slice(at, at + lines.length))
  })
}

/** Whether each of so many lines lies in one of the ranges; refuses a range that goes beyond them. */
export function pickedLines(path: string, total: number, ranges: readonly LineRange[]): boolean[] | Fault {
  const picked = Array.from({ length: total }, () => false)
  for (const { first, last } of ranges) {
    if (!Number.isInteger(first) || !Number.isInteger(last) || first < 1 || last < first || last > total) {
      const message = `There are no lines ${first}-${last} in that variant of ${showPath(path)}: it has ${total}.`
      return fault(
        'KAGE_CHOICE_INVALID',
        message,
        'Name lines like 1-3, counted from 1 in the text of that variant.',
      )
    }
    picked.fill(true, first - 1, last)
  }
  return picked
}

/** The part of an atom with these new lines: one atom for each run of picked lines, joined where they touch. */
function pickOfAtom(atom: Atom, lines: readonly ByteString[], picked: readonly boolean[]): Atom[] {
  if (picked.every(Boolean)) return [atom]
  const atoms: Atom[] = []
  for (const [index, text] of lines.entries()) {
    if (picked[index] !== true) continue
    const start = Math.min(atom.start + index, atom.end)
    const end = Math.min(atom.start + index + 1, atom.end)
    const last = atoms.at(-1)
    if (last?.end !== start) atoms.push({ start, end, text })
    else atoms[atoms.length - 1] = { start: last.start, end, text: last.text + text }
  }
  return atoms
}

/** Whether what is deleted before the variant's line `at` (counted from 0) goes with the lines around it. */
function isDeletionPicked(picked: readonly boolean[], at: number): boolean {
  const before = at === 0 || picked[at - 1] === true
  const after = at === picked.length || picked[at] === true
  return before && after && picked.length > 0
}
