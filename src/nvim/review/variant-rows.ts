import { isBinary } from '../../core/merge/binary.ts'
import type { Oid } from '../../core/merge/change.ts'
import { lineTable } from '../../core/merge/lines.ts'
import { spacingInWords } from '../../core/merge/spacing-words.ts'
import type {
  RegionView,
  TextRegion,
  UnitRegion,
  UnitVariant,
  VariantView,
} from '../../core/merge/region-view.ts'
import type { ReviewRegion } from '../../core/protocol/results.ts'
import { describeUnit, isFile, placeInWords, placeOfComment } from './describe.ts'
import { fileAround } from './mixed.ts'
import { makersOf, type Review } from './model.ts'
import { atomsOf, type Outcome, textOf } from './outcome.ts'
import { isKeptStale } from './kept-base.ts'
import { decisionsIn, outcomesOf } from './outcomes.ts'
import { previewed } from './position.ts'
import { mostAgree, unchangedBy } from './regions-pane.ts'
import { comparedRows, heading, lineCount, note, type Row, textRows } from './rows.ts'
import { shownText } from './shown-text.ts'

/** The base of a region, each variant compared with it, and what the decisions make of it in its place. */
export function variantRows(review: Review, shown: ReviewRegion): Row[] {
  const { id, region } = shown
  const inside = decisionsIn(review, shown)
  const outcome = outcomesOf(review)(shown)
  const rows: Row[] = [
    heading(`${shownText(region.path)}  ${placeOf(shown)}`, 'KageReviewPath', id),
    heading(baseHeading(region, outcome), 'KageReviewHeading', `${id}.base`),
  ]
  if (shown.stale) rows.push(note('stale: an agent has changed what you took here'))
  if (outcome.kind === 'base' && isKeptStale(review.keptBase, region))
    rows.push(note('stale: an agent made something else since; 0 keeps it again'))
  if (shown.acts !== undefined) rows.push(note(`! when it lands, ${shown.acts}`))
  if (shown.mergeDriver !== undefined)
    rows.push(note(`git merges this file by ${shownText(shown.mergeDriver)}, Kage by its lines`))
  const around = region.kind === 'text' ? fileAround(review, region) : null
  if (around !== null) rows.push(note(`within the new file of ${around.agents.map(shownText).join(', ')}`))
  if (region.kind === 'text') {
    rows.push(...textRows(region.baseText, ' ', { name: `${id}.base`, letter: null }))
    for (const variant of region.variants) {
      const called = { name: `${id}.${variant.letter}`, letter: variant.letter }
      const table = lineTable(region.baseText)
      const { start } = region
      const atoms = variant.atoms.map((atom) => ({
        ...atom,
        start: atom.start - start,
        end: atom.end - start,
      }))
      rows.push(headingOf(review, shown, variant, outcome), ...commentRows(review, region, variant))
      rows.push(...comparedRows(table, { start: 0, end: lineCount(table) }, atoms, called))
    }
    return [...rows, ...resultRows(review, region, atomsOf(inside), id)]
  }
  rows.push(...unitBaseRows(review, region))
  for (const variant of region.variants) {
    rows.push(headingOf(review, shown, variant, outcome), ...commentRows(review, region, variant))
    rows.push(...unitRows(review, id, region, variant))
  }
  if (outcome.kind === 'own') rows.push(...ownUnitRows(inside, id))
  return rows
}

/** The contents that showing a region asks for. */
export function textsOfRegion({ region }: ReviewRegion): Oid[] {
  if (region.kind === 'text') return [region.base.oid]
  const entries = [region.base, ...region.variants.map(({ entry }) => entry)]
  return entries.flatMap((entry) => (entry === null || entry.mode === '160000' ? [] : [entry.oid]))
}

function placeOf({ id, region, part }: ReviewRegion): string {
  const name = part === undefined ? '' : ` in ${shownText(part.name)}`
  return [placeInWords(region) + name, id, mostAgree(region)].filter((part) => part !== '').join('  ')
}

/** The base's own heading, with the agents that left it as it is. */
function baseHeading(region: RegionView, { kind }: Outcome): string {
  const unchanged = unchangedBy(region).map(shownText)
  const parts = [
    '── 0 base',
    unchanged.length === 0 ? '' : `left as it is by ${unchanged.join(', ')}`,
    kind === 'base' ? '✓ kept' : '',
  ]
  return parts.filter((part) => part !== '').join('  ')
}

function headingOf(review: Review, shown: ReviewRegion, variant: VariantView, outcome: Outcome): Row {
  const isDecided = outcome.kind === 'variant' && outcome.letter === variant.letter
  const isPreviewed = previewed(review)?.letter === variant.letter
  const parts = [
    `── ${makersOf(review, variant)} ${variant.agents.map(shownText).join(', ')}`,
    alikeTo(review, shown, variant),
    'spacing' in variant ? spacingInWords(variant.spacing) : '',
    isPreviewed ? '▸ previewed' : '',
    isDecided ? (outcome.toLand ? '✓ taken' : shown.missing === true ? '○ thrown away' : '● landed') : '',
    shown.clean.includes(variant.letter) ? '' : '! conflicts',
  ]
  const group = isPreviewed
    ? 'KageReviewPreviewed'
    : isDecided
      ? outcome.toLand
        ? 'KageReviewTaken'
        : 'KageReviewLanded'
      : 'KageReviewHeading'
  const text = parts.filter((part) => part !== '').join('  ')
  return heading(text, group, `${shown.id}.${variant.letter}`)
}

/** What is to be sent to those that made a variant. */
function commentRows({ comments }: Review, region: RegionView, { agents }: VariantView): Row[] {
  const place = placeOfComment(region)
  const here = comments.filter(
    (each) => each.place === place && each.agents.some((name) => agents.includes(name)),
  )
  return here.map(({ message }) => note(`to be sent: ${shownText(message)}`))
}

/** The others that differ from a variant only in blanks and comments: `≈ 1=3`. */
function alikeTo(review: Review, { region, alike }: ReviewRegion, { letter }: VariantView): string {
  const letters = alike?.find((group) => group.includes(letter)) ?? []
  const others = region.variants.filter((each) => each.letter !== letter && letters.includes(each.letter))
  return others.map((each) => `≈ ${makersOf(review, each)}`).join(' ')
}

/** The region as it is decided, with some lines of its file around it. */
function resultRows(
  review: Review,
  region: TextRegion,
  inside: ReturnType<typeof atomsOf>,
  id: string,
): Row[] {
  if (inside.length === 0 || textOf(region, inside) === null) return []
  const text = review.texts.get(region.base.oid)
  const title = heading('── result', 'KageReviewHeading', `${id}.result`)
  if (typeof text !== 'string') return [title, note('…')]
  const table = lineTable(text)
  const start = Math.max(0, region.start - 3)
  const end = Math.min(lineCount(table), region.end + 3)
  const atoms = inside.toSorted((left, right) => left.start - right.start || left.end - right.end)
  return [title, ...comparedRows(table, { start, end }, atoms, { name: `${id}.result`, letter: null })]
}

function unitBaseRows(review: Review, { base }: UnitRegion): Row[] {
  if (base === null) return [note('there is no such file')]
  const text = isFile(base) ? review.texts.get(base.oid) : null
  if (text === undefined) return [note('…')]
  if (text === null)
    return [note(base.mode === '160000' ? `submodule at ${base.oid.slice(0, 12)}` : `mode ${base.mode}`)]
  return isBinary(text) ? [note(`binary, ${text.length} bytes`)] : [note(`mode ${base.mode}`)]
}

function unitRows(review: Review, id: string, region: UnitRegion, variant: UnitVariant): Row[] {
  const rows: Row[] = [note(describeUnit(review, region, variant))]
  const called = { name: `${id}.${variant.letter}`, letter: variant.letter }
  const { base } = region
  const side = variant.entry ?? base
  if (variant.reason !== undefined) return [...rows, note(`taken or left whole: ${variant.reason}`)]
  if (!isFile(side) || (base !== null && base.oid === variant.entry?.oid)) return rows
  const text = review.texts.get(side.oid)
  if (typeof text !== 'string' || isBinary(text)) return rows
  return [...rows, ...textRows(text, variant.entry === null ? '-' : '+', called)]
}

function ownUnitRows(inside: readonly { readonly kind: string }[], id: string): Row[] {
  const [decision] = inside
  if (decision === undefined || !('content' in decision) || typeof decision.content !== 'string') return []
  const title = heading('── result', 'KageReviewHeading', `${id}.result`)
  return [title, ...textRows(decision.content, '+', { name: `${id}.result`, letter: null })]
}
