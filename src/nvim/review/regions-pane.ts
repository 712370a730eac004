import type { RegionView, UnitRegion, VariantView } from '../../core/merge/region-view.ts'
import type { ReviewRegion } from '../../core/protocol/results.ts'
import type { Pane } from '../frame.ts'
import { linesOf } from './describe.ts'
import { type Drawn, legend, marksOf, shortened } from './draw.ts'
import { currentRegion, makersOf, numberOf, type Review } from './model.ts'
import type { Outcome } from './outcome.ts'
import { isKeptStale } from './kept-base.ts'
import { outcomesOf } from './outcomes.ts'
import { shownText } from './shown-text.ts'

/** The left pane: each file with its regions, one line each. */
export function regionsPane(review: Review, columns: number): Pane {
  const outcome = outcomesOf(review)
  const drawn: Drawn[] = []
  const rows: (string | null)[] = []
  let path: string | null = null
  let [open, toLand] = [0, 0]
  for (const shown of review.regions) {
    if (shown.region.path !== path) {
      path = shown.region.path
      const line = shortened(path, columns)
      drawn.push({ line, marks: [[0, Buffer.byteLength(line), 'KageReviewPath']] })
      rows.push(null)
    }
    const result = outcome(shown)
    if (result.kind === 'open') open += 1
    if (result.toLand) toLand += 1
    drawn.push(regionLine(review, shown, result, columns))
    rows.push(shown.id)
  }
  return {
    name: 'regions',
    title: ` ${review.run} · ${open} of ${review.regions.length} open${toLand === 0 ? '' : ` · ${toLand} to land`} `,
    footer: legend(['? keys', '1-9 take', '0 base', 'j/k next', 'u undo', 'q close'], columns),
    lines: drawn.map(({ line }) => line),
    marks: marksOf(drawn),
    rows,
    cursor: currentRegion(review)?.id ?? null,
  }
}

/**
 * Who made what of a region: `1=3 ≈ 2 · base 4,5 · 2 of 5 agree`, where 1 and 3 made the same, 2 the same but for blanks
 * and comments, and 4 and 5 left the base.
 */
function agreement(review: Pick<Review, 'agents'>, { region, clean, alike }: ReviewRegion): string {
  const groups = likeGroups(region, alike).map((variants) => {
    const makers = variants.map((variant) => {
      return makersOf(review, variant) + (clean.includes(variant.letter) ? '' : '!')
    })
    return makers.join(' ≈ ')
  })
  const others = unchangedBy(region).map((agent) => numberOf(review, agent))
  const base = others.length === 0 ? '' : `base ${others.join(',')}`
  return [...groups, base, mostAgree(region)].filter((part) => part !== '').join(' · ')
}

/** The variants of a region, those beside each other that are alike. */
function likeGroups({ variants }: RegionView, alike: ReviewRegion['alike']): VariantView[][] {
  const named = new Set<string>()
  return variants.flatMap(({ letter }) => {
    if (named.has(letter)) return []
    const letters = alike?.find((group) => group.includes(letter)) ?? [letter]
    for (const each of letters) named.add(each)
    return [variants.filter((variant) => letters.includes(variant.letter))]
  })
}

/** The compared agents that left the base as it is in a region. */
export function unchangedBy({ agents, variants }: RegionView): string[] {
  const makers = new Set(variants.flatMap((variant) => variant.agents))
  return agents.filter((agent) => !makers.has(agent))
}

/** How many made the same, where any did: `2 of 5 agree`. */
export function mostAgree({ variants, agents }: RegionView): string {
  const most = Math.max(0, ...variants.map((variant) => variant.agents.length))
  return most < 2 ? '' : `${most} of ${agents.length} agree`
}

/** A region's line; of thousands only those are drawn anew on which something else is decided. */
function regionLine(review: Review, shown: ReviewRegion, outcome: Outcome, columns: number): Drawn {
  const mark = markOf(review, shown, outcome)
  const group = outcome.toLand || outcome.kind === 'base' ? 'KageReviewTaken' : 'KageReviewLanded'
  const stale = shown.stale || (outcome.kind === 'base' && isKeptStale(review.keptBase, shown.region))
  const key = `${mark} ${group} ${columns} ${stale}`
  const known = drawnLines.get(shown)
  if (known?.key === key && known.agents === review.agents) return known.drawn
  const drawn = withName(
    drawnLine(review, shown, { mark, group: outcome.kind === 'open' ? null : group, stale }),
    shown,
    columns,
  )
  drawnLines.set(shown, { key, agents: review.agents, drawn })
  return drawn
}

const drawnLines = new WeakMap<
  ReviewRegion,
  { readonly key: string; readonly agents: Review['agents']; readonly drawn: Drawn }
>()

function drawnLine(
  review: Review,
  shown: ReviewRegion,
  { mark, group, stale }: { readonly mark: string; readonly group: string | null; readonly stale: boolean },
): Drawn {
  const { id, region } = shown
  const kind = region.kind === 'text' ? linesOf(region) : kindOf(region)
  const flags = stale ? '~ stale  ' : ''
  const line = `${mark} ${id} ${kind}  ${flags}${agreement(review, shown)}`
  if (stale) return { line, marks: [[0, Buffer.byteLength(line), 'KageReviewStale']] }
  return { line, marks: group === null ? [] : [[0, Buffer.byteLength(mark), group]] }
}

/** A region's line with the function that it lies in behind it, where there is room. */
function withName(drawn: Drawn, { part }: ReviewRegion, columns: number): Drawn {
  const name = part === undefined ? '' : `  ${shownText(part.name)}`
  const length = Array.from(drawn.line + name).length
  if (name === '' || length > columns) return drawn
  const start = Buffer.byteLength(drawn.line)
  const mark = [start, start + Buffer.byteLength(name), 'KageReviewNote'] as const
  return { line: drawn.line + name, marks: [...drawn.marks, mark] }
}

/** What is changed; a rename with the new path, where all that made one agree. */
function kindOf({ kind, variants }: UnitRegion): string {
  const paths = new Set(variants.flatMap(({ to }) => to ?? []))
  const [to] = paths
  return to === undefined || paths.size > 1 ? kind : `${kind} → ${shownText(to)}`
}

/** What is decided, in four columns: `✓1`, `✓0` for the base, `✓own`, `●1` where it has landed, `○1` where
 * that was thrown away since; nothing where it is open. */
function markOf(review: Review, shown: ReviewRegion, outcome: Outcome): string {
  return decidedMark(review, shown, outcome).padEnd(4)
}

function decidedMark(review: Review, shown: ReviewRegion, outcome: Outcome): string {
  const { region } = shown
  if (outcome.kind === 'open') return ''
  if (outcome.kind === 'base') return '✓0'
  const sign = outcome.toLand ? '✓' : shown.missing === true ? '○' : '●'
  if (outcome.kind !== 'variant') return `${sign}own`
  const variant = region.variants.find(({ letter }) => letter === outcome.letter)
  return `${sign}${numberOf(review, variant?.agents[0] ?? '')}`
}
