// What the right pane shows, as rows that know their place; a row's text is cut out of its content only when it is drawn.
import type { Atom, ByteString } from '../../core/merge/change.ts'
import { type LineTable, lineTable, sliceLines } from '../../core/merge/lines.ts'

/** One row: a heading or a note, or a line of a content. */
export type Row = NoteRow | LineRow

export interface NoteRow {
  readonly kind: 'heading' | 'note'
  readonly text: string
  readonly group: string
  readonly name: string | null
}

/** A line of both sides (` `), of the base alone (`-`) or of the new text alone (`+`). */
export interface LineRow {
  readonly kind: 'line'
  readonly sign: ' ' | '+' | '-'
  readonly at: Place
  /** The line of the other side that it is compared with word by word. */
  readonly pair: Place | null
  readonly name: string | null
  /** The variant it belongs to, and the lines of that variant's text, from 1, that are picked with it. */
  readonly letter: string | null
  readonly picks: readonly number[]
}

/** A line of a text. */
export interface Place {
  readonly table: LineTable
  readonly index: number
}

/** What a comparison is called: rows of a variant are named after it and their line. */
export interface Called {
  readonly name: string
  readonly letter: string | null
}

/** The line at a place as bytes, with its end. */
export function bytesAt({ table, index }: Place): ByteString {
  return sliceLines(table, index, index + 1)
}

/** A row of a heading; it can be jumped to by its name. */
export function heading(text: string, group: string, name: string | null = null): NoteRow {
  return { kind: 'heading', text, group, name }
}

/** A row of a remark. */
export function note(text: string): NoteRow {
  return { kind: 'note', text, group: 'KageReviewNote', name: null }
}

/** The rows of base lines [start, end) with atoms in them; in an atom old and new lines are paired by their place. */
export function comparedRows(
  base: LineTable,
  range: { readonly start: number; readonly end: number },
  atoms: readonly Atom[],
  called: Called,
): LineRow[] {
  const rows: LineRow[] = []
  let [at, line] = [range.start, 1]
  const sameUntil = (end: number): void => {
    for (; at < end; at += 1, line += 1) rows.push(row(' ', { table: base, index: at }, null, called, [line]))
  }
  for (const atom of atoms) {
    sameUntil(atom.start)
    rows.push(...atomRows(base, atom, line, called))
    line += lineCount(lineTable(atom.text))
    at = atom.end
  }
  sameUntil(range.end)
  return rows
}

/** The rows of a whole text, all with one sign. */
export function textRows(text: ByteString, sign: LineRow['sign'], called: Called): LineRow[] {
  const table = lineTable(text)
  return Array.from({ length: lineCount(table) }, (_, index) =>
    row(sign, { table, index }, null, called, [index + 1]),
  )
}

/** How many lines a text has. */
export function lineCount({ offsets }: LineTable): number {
  return offsets.length - 1
}

/** An atom's old lines, then its new ones, which begin at that line of the new text. */
function atomRows(base: LineTable, { start, end, text }: Atom, line: number, called: Called): LineRow[] {
  const table = lineTable(text)
  const count = lineCount(table)
  const rows: LineRow[] = []
  for (let index = start; index < end; index += 1) {
    const other = index - start
    const pair = other < count ? { table, index: other } : null
    // Old lines beyond the new ones go with all of them; a pure deletion goes with the lines around it.
    const picks = pair !== null ? [line + other] : count === 0 ? [line - 1, line] : range(line, count)
    rows.push(row('-', { table: base, index }, pair, called, picks))
  }
  for (let index = 0; index < count; index += 1) {
    const other = start + index
    const pair = other < end ? { table: base, index: other } : null
    rows.push(row('+', { table, index }, pair, called, [line + index]))
  }
  return rows
}

function row(
  sign: LineRow['sign'],
  at: Place,
  pair: Place | null,
  { name, letter }: Called,
  picks: readonly number[],
): LineRow {
  const line = sign === '-' ? `-${at.index + 1}` : String(picks[0])
  return { kind: 'line', sign, at, pair, name: `${name}:${line}`, letter, picks }
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}
