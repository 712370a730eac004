import type { Mark } from '../frame.ts'
import { bytesAt, type LineRow, type Row } from './rows.ts'
import { bytesAlike, shownBlanks, shownLine, shownText } from './shown-text.ts'
import { wordDiff } from './word-diff.ts'

/** A line with the highlighted parts of it: byte columns and group. */
export interface Drawn {
  readonly line: string
  readonly marks: readonly (readonly [start: number, end: number, group: string])[]
}

const plain = { '+': 'KageReviewAdded', '-': 'KageReviewDeleted', ' ': null } as const
const changed = { '+': 'KageReviewAddedWord', '-': 'KageReviewDeletedWord', ' ': null } as const

/** A row as it is painted; only now is it compared word by word. */
export function drawRow(row: Row): Drawn {
  if (row.kind === 'line') return drawLine(row)
  const line = row.kind === 'note' ? `  ${row.text}` : row.text
  return { line, marks: [[0, Buffer.byteLength(line), row.group]] }
}

/** The marks of drawn lines as a frame counts them. */
export function marksOf(drawn: readonly Drawn[]): Mark[] {
  return drawn.flatMap(({ marks }, row) => marks.map(([start, end, group]): Mark => [row, start, end, group]))
}

/** A text cut to a number of characters, its end kept where that tells more. */
export function shortened(text: string, most: number): string {
  const shown = Array.from(shownText(text))
  return shown.length <= most ? shown.join('') : `…${shown.slice(shown.length - most + 1).join('')}`
}

/** As many entries of a legend as so many columns hold, the first ones always. */
export function legend(entries: readonly string[], columns: number): string {
  let text = ` ${entries[0] ?? ''} `
  for (const entry of entries.slice(1))
    if (text.length + entry.length + 2 <= columns - 2) text += ` ${entry} `
  return text
}

function drawLine({ sign, at, pair }: LineRow): Drawn {
  const bytes = bytesAt(at)
  const other = pair === null ? null : bytesAt(pair)
  const isAlike = other !== null && bytesAlike(bytes, other)
  const text = isAlike ? shownBlanks(bytes) : shownLine(bytes)
  const line = `${sign} ${text}`
  const group = plain[sign]
  if (group === null) return { line, marks: [] }
  if (other === null) return { line, marks: [[0, Buffer.byteLength(line), group]] }
  const old = isAlike ? shownBlanks(other) : shownLine(other)
  const pieces = sign === '+' ? wordDiff(old, text).fresh : wordDiff(text, old).old
  const marks: [number, number, string][] = [[0, 2, group]]
  let start = 2
  for (const piece of pieces) {
    const end = start + Buffer.byteLength(piece.text)
    marks.push([start, end, piece.changed ? (changed[sign] ?? group) : group])
    start = end
  }
  return { line, marks }
}
