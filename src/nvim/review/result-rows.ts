import { wantedOf } from '../../core/landing.ts'
import type { Oid } from '../../core/merge/change.ts'
import { lineTable } from '../../core/merge/lines.ts'
import { type ResultFile, composedText, resultFiles } from './compose.ts'
import { isBinary } from './describe.ts'
import { currentRegion, type Review } from './model.ts'
import { atomsOf } from './outcome.ts'
import { comparedRows, heading, lineCount, note, type Row, textRows } from './rows.ts'
import { shownText } from './shown-text.ts'

/** The list of all files that the decisions change, with how many lines and whose. */
export function resultRows(review: Review): Row[] {
  const files = resultFiles(review)
  const title = heading(
    `the whole result: ${files.length} ${files.length === 1 ? 'file' : 'files'}`,
    'KageReviewPath',
  )
  if (files.length === 0) return [title, note('nothing is decided: the base stays as it is')]
  return [title, ...files.map((file) => note(resultLine(file)))]
}

/** One file of the result as one line: `M src/a.ts  +3 -1  coder-1, you`. */
export function resultLine({ path, change, added, deleted, sources, pending }: ResultFile): string {
  const sign = { added: 'A', changed: 'M', removed: 'D' }[change]
  const counts = [added === null ? '' : `+${added}`, deleted === null ? '' : `-${deleted}`]
  const parts = [
    `${sign} ${shownText(path)}`,
    counts.filter((count) => count !== '').join(' '),
    sources.map(shownText).join(', '),
    pending ? '' : 'landed',
  ]
  return parts.filter((part) => part !== '').join('  ')
}

/** The file of the current region as all decisions make it, compared with the base. */
export function fileRows(review: Review): Row[] {
  const path = currentRegion(review)?.region.path
  if (path === undefined) return [note('there is no region here')]
  const title = heading(`${shownText(path)}  as decided`, 'KageReviewPath')
  const decisions = wantedOf(review).filter((decision) => decision.path === path)
  const [first] = decisions
  if (first === undefined) return [title, note('nothing is decided in this file: it stays as in the base')]
  const called = { name: 'file', letter: null }
  if (first.kind === 'atom') {
    const text = review.texts.get(first.base.oid)
    if (typeof text !== 'string') return [title, note('…')]
    const table = lineTable(text)
    const atoms = atomsOf(decisions)
    return [title, ...comparedRows(table, { start: 0, end: lineCount(table) }, atoms, called)]
  }
  if (first.entry === null) return [title, note('the file is removed')]
  const text = composedText(review, path)
  if (text === null) return [title, note(`mode ${first.entry.mode}, ${first.entry.oid.slice(0, 12)}`)]
  if (isBinary(text)) return [title, note(`binary, ${text.length} bytes`)]
  return [title, ...textRows(text, '+', called)]
}

/** The contents that previewing the file or the whole result asks for. */
export function textsOfResult(review: Review): Oid[] {
  return wantedOf(review).flatMap((decision) => {
    if (decision.kind === 'atom') return [decision.base.oid]
    const { entry, content } = decision
    return content !== undefined || entry === null || entry.mode === '160000' ? [] : [entry.oid]
  })
}
