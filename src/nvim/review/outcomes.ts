// A key asks more than once what has become of every region, and changes one of them: what is known of the others stays.
import { wantedOf } from '../../core/landing.ts'
import type { Decision } from '../../core/merge/change.ts'
import type { RegionView } from '../../core/merge/region-view.ts'
import type { ReviewRegion } from '../../core/protocol/results.ts'
import { keptNames } from './kept-base.ts'
import type { Review } from './model.ts'
import { decisionsByRegion, type Outcome, outcomeOf } from './outcome.ts'

type Decided = Pick<Review, 'regions' | 'landed' | 'pending' | 'again' | 'keptBase'>

interface Known {
  readonly review: Decided
  readonly inside: ReadonlyMap<string, readonly Decision[]>
  readonly pending: ReadonlySet<string>
}

/** What has become of each region. */
export function outcomesOf(review: Decided): (shown: ReviewRegion) => Outcome {
  const { inside, pending } = knownOf(review)
  return ({ region }) => {
    const toLand = pending.has(region.key) || review.again.has(region.key)
    // What landed here and is taken out again leaves the base, also when another Neovim did it.
    const keepsBase = toLand || keptNames(review.keptBase, region).length > 0
    return outcome(region, inside.get(region.key) ?? nothing, { keepsBase, toLand })
  }
}

/** All that is decided inside a region. */
export function decisionsIn(review: Decided, { region }: ReviewRegion): readonly Decision[] {
  return knownOf(review).inside.get(region.key) ?? nothing
}

const nothing: readonly Decision[] = []
const known = new WeakMap<Review['regions'], Known>()

function knownOf(review: Decided): Known {
  const last = known.get(review.regions)
  if (last?.review.landed === review.landed && last.review.pending === review.pending) return last
  const { removed, added } = review.pending
  const inside = decisionsByRegion(review.regions, wantedOf(review))
  const pending = new Set(decisionsByRegion(review.regions, [...removed, ...added]).keys())
  const now = { review, inside, pending }
  known.set(review.regions, now)
  return now
}

interface Flags {
  readonly keepsBase: boolean
  readonly toLand: boolean
}

const outcomes = new WeakMap<
  RegionView,
  Flags & { readonly inside: readonly Decision[]; readonly outcome: Outcome }
>()

function outcome(region: RegionView, inside: readonly Decision[], flags: Flags): Outcome {
  const last = outcomes.get(region)
  const isSame =
    last?.keepsBase === flags.keepsBase &&
    last.toLand === flags.toLand &&
    last.inside.length === inside.length &&
    last.inside.every((decision, at) => decision === inside[at])
  if (isSame) return last.outcome
  const now = outcomeOf(region, inside, flags)
  outcomes.set(region, { ...flags, inside, outcome: now })
  return now
}
