import type { RegionView } from '../../core/merge/region-view.ts'
import type { ReviewRegion } from '../../core/protocol/results.ts'
import type { Pane } from '../frame.ts'
import { linesOf } from './describe.ts'
import { type Drawn, legend, marksOf, shortened } from './draw.ts'
import { currentRegion, makersOf, numberOf, type Review } from './model.ts'
import type { Outcome } from './outcome.ts'
import { outcomesOf } from './position.ts'

/** The left pane: each file with its regions, one line each. */
export function regionsPane(review: Review, columns: number): Pane {
  const outcome = outcomesOf(review)
  const drawn: Drawn[] = []
  const rows: (string | null)[] = []
  let path: string | null = null
  let open = 0
  for (const shown of review.regions) {
    if (shown.region.path !== path) {
      path = shown.region.path
      const line = shortened(path, columns)
      drawn.push({ line, marks: [[0, Buffer.byteLength(line), 'KageReviewPath']] })
      rows.push(null)
    }
    const result = outcome(shown)
    if (result.kind === 'open') open += 1
    drawn.push(regionLine(review, shown, result))
    rows.push(shown.id)
  }
  return {
    name: 'regions',
    title: ` ${review.run} · ${open} of ${review.regions.length} open `,
    footer: legend(['? keys', '1-9 take', '0 base', 'j/k next', 'u undo', 'q close'], columns),
    lines: drawn.map(({ line }) => line),
    marks: marksOf(drawn),
    rows,
    cursor: currentRegion(review)?.id ?? null,
  }
}

/** Who made what of a region: `1=3 · 2 · (4,5)`, where 1 and 3 made the same and 4 and 5 changed nothing. */
function agreement(review: Pick<Review, 'agents'>, region: RegionView, clean: readonly string[]): string {
  const groups = region.variants.map((variant) => {
    return makersOf(review, variant) + (clean.includes(variant.letter) ? '' : '!')
  })
  const makers = new Set(region.variants.flatMap(({ agents }) => agents))
  const others = region.agents.filter((agent) => !makers.has(agent)).map((agent) => numberOf(review, agent))
  const parts = others.length === 0 ? groups : [...groups, `(${others.join(',')})`]
  const most = mostAgree(region)
  return parts.join(' · ') + (most === '' ? '' : `  ${most}`)
}

/** How many made the same, where any did: `2 of 5 agree`. */
export function mostAgree({ variants, agents }: RegionView): string {
  const most = Math.max(0, ...variants.map((variant) => variant.agents.length))
  return most < 2 ? '' : `${most} of ${agents.length} agree`
}

function regionLine(review: Review, shown: ReviewRegion, outcome: Outcome): Drawn {
  const { id, region, clean, stale } = shown
  const mark = markOf(review, region, outcome)
  const kind = region.kind === 'text' ? linesOf(region) : region.kind
  const flags = stale ? '~ stale  ' : ''
  const line = `${mark} ${id} ${kind}  ${flags}${agreement(review, region, clean)}`
  const end = Buffer.byteLength(mark)
  if (stale) return { line, marks: [[0, Buffer.byteLength(line), 'KageReviewStale']] }
  return { line, marks: outcome.kind === 'open' ? [] : [[0, end, 'KageReviewTaken']] }
}

const plainMarks = { open: '   ', own: 'own', base: '✓0 ' } as const

/** What is decided, in three columns: `✓1`, `✓0` for the base, `own`; nothing where it is open. */
function markOf(review: Review, region: RegionView, outcome: Outcome): string {
  if (outcome.kind !== 'variant') return plainMarks[outcome.kind]
  const variant = region.variants.find(({ letter }) => letter === outcome.letter)
  const number = numberOf(review, variant?.agents[0] ?? '')
  return `✓${number}`.padEnd(3)
}
