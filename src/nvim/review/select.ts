import type { LineRange } from '../../core/merge/line-pick.ts'
import type { Row } from './rows.ts'

/** Lines of one variant. */
export interface Selection {
  readonly letter: string
  readonly ranges: readonly LineRange[]
}

/** The lines of a variant that some of the painted rows (from 1, both included) stand for; null where they are none, or of several. */
export function selectedLines(rows: readonly Row[], first: number, last: number): Selection | null {
  const selected = rows.slice(first - 1, last).filter((row) => row.kind === 'line')
  const letters = new Set(selected.flatMap(({ letter }) => (letter === null ? [] : [letter])))
  const [letter] = letters
  if (letter === undefined || letters.size > 1) return null
  const total = lastLine(rows, letter)
  const lines = new Set(selected.flatMap((row) => (row.letter === letter ? row.picks : [])))
  const inText = [...lines].filter((line) => line >= 1 && line <= total)
  return { letter, ranges: rangesOf(inText.toSorted((left, right) => left - right)) }
}

/** The last line of a variant's text among the rows; 0 where the text is empty. */
function lastLine(rows: readonly Row[], letter: string): number {
  const last = rows.findLast((row) => row.kind === 'line' && row.letter === letter && row.sign !== '-')
  return last?.kind === 'line' ? (last.picks[0] ?? 0) : 0
}

function rangesOf(lines: readonly number[]): LineRange[] {
  const ranges: { first: number; last: number }[] = []
  for (const line of lines) {
    const range = ranges.at(-1)
    if (range?.last === line - 1) range.last = line
    else ranges.push({ first: line, last: line })
  }
  return ranges
}
