import type { VariantView } from '../../core/merge/region-view.ts'
import type { ReviewRegion } from '../../core/protocol/results.ts'
import { currentRegion, type Review } from './model.ts'
import { outcomesOf } from './outcomes.ts'

/** Where a move goes: to a region, to one where nothing is decided yet, or to the first of a file. */
export type Goal = 'region' | 'undecided' | 'file'

/** The review at the next (1) or previous (-1) region of that kind; it stays where there is none. */
export function moved(review: Review, goal: Goal, direction: 1 | -1): Review {
  const { regions } = review
  const at = regions.findIndex(({ region }) => region.key === review.position.region)
  const fits = fitting(review, goal, at)
  for (let index = at + direction; index >= 0 && index < regions.length; index += direction) {
    const there = regions[index]
    if (there !== undefined && fits(there, index)) return atRegion(review, there.region.key)
  }
  return review
}

/** The review at the next region where nothing is decided, from the beginning again after the last one. */
export function advanced(review: Review): Review {
  const next = moved(review, 'undecided', 1)
  return next === review ? begun(review) : next
}

/** The review as it is begun or gone on with: at the first region where nothing is decided, else where it is. */
export function begun(review: Review): Review {
  const isOpen = fitting(review, 'undecided', -1)
  const first = review.regions.find((shown, index) => isOpen(shown, index))
  return first === undefined ? review : atRegion(review, first.region.key)
}

/** The review at a region; what was previewed of another one is left. */
export function atRegion(review: Review, key: string): Review {
  if (review.position.region === key) return review
  return { ...review, position: { region: key, letter: null }, top: 0, joining: false }
}

/** The variant that is previewed: the one asked for, else the one that is decided, else the first. */
export function previewed(review: Review): VariantView | null {
  const shown = currentRegion(review)
  if (shown === null) return null
  const { variants } = shown.region
  const named = variants.find(({ letter }) => letter === review.position.letter)
  if (named !== undefined) return named
  const outcome = outcomesOf(review)(shown)
  const letter = outcome.kind === 'variant' ? outcome.letter : null
  return variants.find((variant) => variant.letter === letter) ?? variants[0] ?? null
}

/** The review with the variant after the previewed one, and after the last the first. */
export function withNextVariant(review: Review): Review {
  const shown = currentRegion(review)
  const now = previewed(review)
  if (shown === null || now === null) return review
  const { variants } = shown.region
  const index = variants.findIndex(({ letter }) => letter === now.letter)
  const letter = variants[(index + 1) % variants.length]?.letter ?? null
  return { ...review, position: { ...review.position, letter }, shown: 'variants' }
}

function fitting(review: Review, goal: Goal, at: number): (shown: ReviewRegion, index: number) => boolean {
  const { regions } = review
  if (goal === 'region') return () => true
  if (goal === 'undecided') {
    const outcome = outcomesOf(review)
    return (shown) => outcome(shown).kind === 'open'
  }
  const path = regions[at]?.region.path
  return ({ region }, index) => region.path !== path && regions[index - 1]?.region.path !== region.path
}
