// A line keeps its own end: "\n", "\r\n" (the "\r" is simply its last character), or none at the end of a file.
import type { ByteString } from './change.ts'

/** Lines of a text, 0-based and half-open. */
export type LineRange = readonly [start: number, end: number]

/** A text with the offset of each of its lines and, last, its length: line i is [offsets[i], offsets[i + 1]). */
export interface LineTable {
  readonly text: ByteString
  readonly offsets: readonly number[]
}

/** The lines of a text, each with its own end. */
export function splitLines(bytes: ByteString): string[] {
  const table = lineTable(bytes)
  return table.offsets.slice(1).map((end, index) => bytes.slice(table.offsets[index], end))
}

/** Finds the lines of a text. */
export function lineTable(text: ByteString): LineTable {
  const offsets = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) offsets.push(at + 1)
  if (text !== '' && !text.endsWith('\n')) offsets.push(text.length)
  return { text, offsets }
}

/** The lines [start, end) of a text as one text. */
export function sliceLines(table: LineTable, start: number, end: number): ByteString {
  return table.text.slice(table.offsets[start], table.offsets[end])
}

/** Joins texts of whole lines; a line without an end gets one (as those of `model` have, else the others) only where another line follows. */
export function joinTexts(texts: readonly ByteString[], model: ByteString = ''): ByteString {
  const filled = texts.filter((text) => text !== '')
  const open = filled.findIndex((text) => !text.endsWith('\n'))
  if (open === -1 || open === filled.length - 1) return filled.join('')
  const end = lineEndOf([model, ...filled])
  return filled.map((text, index) => (closes(text, index, filled) ? text : text + end)).join('')
}

function closes(text: ByteString, index: number, all: readonly ByteString[]): boolean {
  return text.endsWith('\n') || index === all.length - 1
}

function lineEndOf(texts: readonly ByteString[]): ByteString {
  const first = texts.find((text) => text.includes('\n')) ?? '\n'
  return first[first.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n'
}
