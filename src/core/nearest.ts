/** The known word that takes the fewest edits to reach (a letter more, less, other, or two exchanged); null without any. */
export function nearest(word: string, known: readonly string[]): string | null {
  const distances = known.map((candidate) => ({ candidate, distance: distance(word, candidate) }))
  return distances.toSorted((a, b) => a.distance - b.distance)[0]?.candidate ?? null
}

/** Edits from one word to the other, by the table of their beginnings; a word is looked at for its first 64 letters. */
function distance(source: string, target: string): number {
  const from = Array.from(source.slice(0, 64))
  const to = Array.from(target.slice(0, 64))
  let before: number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const other = (above[column - 1] ?? 0) + (same ? 0 : 1)
      const exchanged =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swap = exchanged ? (before[column - 2] ?? 0) + 1 : Infinity
      current.push(Math.min(other, swap, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    before = above
    above = current
  }
  return above.at(-1) ?? 0
}
