import type { Atom } from '../../src/core/merge/change.ts'

/** The atoms between two texts by the plain longest common subsequence of their lines, as a differ of its own. */
export function referenceDiff(base: string, other: string): Atom[] {
  const [old, fresh] = [referenceLines(base), referenceLines(other)]
  const common = commonLengths(old, fresh)
  const atoms: { start: number; end: number; text: string }[] = []
  let [row, column] = [0, 0]
  const change = (oldLines: number, text: string): void => {
    const last = atoms.at(-1)
    if (last?.end === row) {
      last.end += oldLines
      last.text += text
    } else atoms.push({ start: row, end: row + oldLines, text })
  }
  while (row < old.length || column < fresh.length) {
    if (row < old.length && old[row] === fresh[column]) {
      row += 1
      column += 1
    } else if (
      column === fresh.length ||
      (row < old.length && common[row + 1]![column]! >= common[row]![column + 1]!)
    ) {
      change(1, '')
      row += 1
    } else {
      change(0, fresh[column]!)
      column += 1
    }
  }
  return atoms
}

/** The lines of a text, found by regular expression: each with its end, the last perhaps without. */
export function referenceLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function commonLengths(old: readonly string[], fresh: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () =>
    Array.from({ length: fresh.length + 1 }, () => 0),
  )
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      table[row]![column] =
        old[row] === fresh[column]
          ? table[row + 1]![column + 1]! + 1
          : Math.max(table[row + 1]![column]!, table[row]![column + 1]!)
    }
  }
  return table
}
