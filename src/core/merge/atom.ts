import type { Atom } from './change.ts'

/** Whether two atoms are one and the same change. */
export function isSameAtom(left: Atom, right: Atom): boolean {
  return left.start === right.start && left.end === right.end && left.text === right.text
}

/** Orders atoms by where they stand; an insertion comes before a replacement that begins at its point. */
export function compareAtoms(left: Atom, right: Atom): number {
  if (left.start !== right.start) return left.start - right.start
  if (left.end !== right.end) return left.end - right.end
  return left.text < right.text ? -1 : left.text > right.text ? 1 : 0
}

/** Atoms in order, each once. */
export function sortAtoms(atoms: readonly Atom[]): Atom[] {
  const sorted = atoms.toSorted(compareAtoms)
  return sorted.filter((atom, index) => {
    const previous = sorted[index - 1]
    return previous === undefined || !isSameAtom(previous, atom)
  })
}

/** The first two of sorted atoms that exclude each other: common lines, an insertion within a range, two at one point. */
export function overlapIn(sorted: readonly Atom[]): readonly [Atom, Atom] | null {
  for (const [index, atom] of sorted.entries()) {
    const previous = sorted[index - 1]
    if (previous === undefined) continue
    const samePoint =
      previous.end === previous.start && atom.end === atom.start && atom.start === previous.start
    if (samePoint || atom.start < previous.end) return [previous, atom]
  }
  return null
}

/** The index of the first of ranges in order that ends at or after a line. */
export function firstEndingFrom(ranges: readonly { readonly end: number }[], line: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.end ?? 0) < line) low = middle + 1
    else high = middle
  }
  return low
}
