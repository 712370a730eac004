import { wantedOf } from '../../core/landing.ts'
import { isBinary } from '../../core/merge/binary.ts'
import type { Decision, Oid, TreePath, UnitDecision } from '../../core/merge/change.ts'
import { decidedFacet, facetOf } from '../../core/merge/facet.ts'
import { lineTable } from '../../core/merge/lines.ts'
import { checkRows } from './check-rows.ts'
import { type ResultFile, composedText, resultFiles } from './compose.ts'
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
  return [title, ...files.map((file) => note(resultLine(file))), ...checkRows(review)]
}

/** One file of the result as one line: `M src/a.ts  +3 -1  coder-1, you`. */
export function resultLine({ path, to, change, added, deleted, sources, pending }: ResultFile): string {
  const sign = { added: 'A', changed: 'M', removed: 'D', renamed: 'R' }[change]
  const counts = [added === null ? '' : `+${added}`, deleted === null ? '' : `-${deleted}`]
  const parts = [
    `${sign} ${shownText(path)}${to === null ? '' : ` → ${shownText(to)}`}`,
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
  if (decisions.length === 0) return [title, note('nothing is decided in this file: it stays as in the base')]
  const units = decisions.flatMap((decision) => (decision.kind === 'unit' ? [decision] : []))
  return [title, ...aboutFile(units), ...contentRows(review, path, decisions)]
}

/** Where the file is moved and which mode it gets, where that is decided. */
function aboutFile(units: readonly UnitDecision[]): Row[] {
  const to = decidedFacet(units, 'path')?.to
  const mode = decidedFacet(units, 'mode')?.entry?.mode
  return [
    ...(to === undefined ? [] : [note(`moved to ${shownText(to)}`)]),
    ...(mode === undefined ? [] : [note(`mode ${mode}`)]),
  ]
}

function contentRows(review: Review, path: TreePath, decisions: readonly Decision[]): Row[] {
  const called = { name: 'file', letter: null }
  const [first] = decisions
  if (first?.kind === 'atom') {
    const text = review.texts.get(first.base.oid)
    if (typeof text !== 'string') return [note('…')]
    const table = lineTable(text)
    const atoms = atomsOf(decisions)
    return comparedRows(table, { start: 0, end: lineCount(table) }, atoms, called)
  }
  const content = decisions.find((each) => each.kind === 'unit' && facetOf(each.unit) === 'content')
  if (content?.kind !== 'unit') return []
  if (content.entry === null) return [note('the file is removed')]
  const text = composedText(review, path)
  if (text === null) return [note(`mode ${content.entry.mode}, ${content.entry.oid.slice(0, 12)}`)]
  if (isBinary(text)) return [note(`binary, ${text.length} bytes`)]
  return textRows(text, '+', called)
}

/** The contents that previewing the file or the whole result asks for. */
export function textsOfResult(review: Review): Oid[] {
  return wantedOf(review).flatMap((decision) => {
    if (decision.kind === 'atom') return [decision.base.oid]
    const { entry, content, unit } = decision
    if (facetOf(unit) !== 'content') return []
    return content !== undefined || entry === null || entry.mode === '160000' ? [] : [entry.oid]
  })
}
