import { limit } from '../../core/limit.ts'
import type { Pane } from '../frame.ts'
import { drawRow, legend, marksOf } from './draw.ts'
import { evidenceRows, type KnownAgent } from './evidence-rows.ts'
import { currentRegion, type Review } from './model.ts'
import { regionsPane } from './regions-pane.ts'
import { fileRows, resultRows, textsOfResult } from './result-rows.ts'
import { heading, note, type Row } from './rows.ts'
import { textsOfRegion, variantRows } from './variant-rows.ts'

/** The review as it is painted, and the right pane's rows, so that a selection of its lines can be read. */
export interface Rendered {
  readonly panes: readonly Pane[]
  readonly rows: readonly Row[]
  /** How many rows there are, painted or not. */
  readonly total: number
}

/** The size of each pane by its name, as far as it is known. */
type Sizes = Readonly<Record<string, { readonly columns: number }>>

const columnsDefault = 60

/** Draws the review; of the right pane only the part that is looked at. */
export function render(review: Review, known: readonly KnownAgent[], sizes: Sizes = {}): Rendered {
  const all = rightRows(review, known)
  const rows = visible(all, review.top)
  const columns = (pane: string): number => sizes[pane]?.columns ?? columnsDefault
  const drawn = rows.map(drawRow)
  const right: Pane = {
    name: 'variants',
    title: titles[review.shown],
    footer: footerOf(review, columns('variants')),
    lines: drawn.map(({ line }) => line),
    marks: marksOf(drawn),
    ...codeOf(review, rows),
    rows: rows.map(({ name }) => name),
    cursor: cursorOf(review, rows),
  }
  return { panes: [regionsPane(review, columns('regions')), right], rows, total: all.length }
}

/** The contents that are missing for what is shown now. */
export function textsWanted(review: Review): string[] {
  const shown = currentRegion(review)
  const wanted =
    review.shown === 'variants' ? (shown === null ? [] : textsOfRegion(shown)) : textsOfResult(review)
  return [...new Set(wanted)].filter((oid) => !review.texts.has(oid))
}

const titles = { variants: ' variants ', file: ' file ', result: ' result ', evidence: ' evidence ' } as const

function rightRows(review: Review, known: readonly KnownAgent[]): Row[] {
  if (review.shown === 'result') return resultRows(review)
  if (review.shown === 'file') return fileRows(review)
  if (review.shown === 'evidence') return evidenceRows(review, known)
  const shown = currentRegion(review)
  if (shown !== null) return variantRows(review, shown)
  return [heading('nothing to compare', 'KageReviewPath'), note('no candidate differs from the base')]
}

/** The rows from one on, as many as are painted at once, with what is above and below. */
function visible(rows: readonly Row[], top: number): Row[] {
  if (rows.length <= limit.reviewRows) return [...rows]
  const start = Math.min(top, rows.length - 1)
  const below = rows.length - start - limit.reviewRows
  return [
    ...(start > 0 ? [note(`… ${start} lines above: <BS>`)] : []),
    ...rows.slice(start, start + limit.reviewRows),
    ...(below > 0 ? [note(`… ${below} lines below: <Space>`)] : []),
  ]
}

/** The rows that are lines of the file of the region. */
function codeOf(review: Review, rows: readonly Row[]): Pick<Pane, 'code'> {
  const path = currentRegion(review)?.region.path
  const blocks: [number, number][] = []
  for (const [index, { kind }] of rows.entries()) {
    if (kind !== 'line') continue
    const last = blocks.at(-1)
    if (last?.[1] === index) last[1] = index + 1
    else blocks.push([index, index + 1])
  }
  return path === undefined || blocks.length === 0 ? {} : { code: { path, blocks } }
}

function footerOf(review: Review, columns: number): string {
  if (review.joining) return ' both: press the second number, or b again for one alone '
  const { length } = review.comments
  const comments = length === 0 ? [] : [`S sends ${length}`]
  return legend(['? keys', ...comments, ...rightLegend], columns)
}

const rightLegend = [
  ':w land',
  '<Tab> preview',
  '<CR> take',
  's lines',
  'e edit',
  'b both',
  'P result',
  'gz zoom',
]

/** The heading of the variant that the person asked for, else the beginning. */
function cursorOf(review: Review, rows: readonly Row[]): string | null {
  if (review.shown !== 'variants') return null
  const id = currentRegion(review)?.id
  const { letter } = review.position
  const name = letter === null ? id : `${id}.${letter}`
  return name !== undefined && rows.some((row) => row.name === name) ? name : null
}
