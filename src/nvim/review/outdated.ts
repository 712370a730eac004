import { decisionsOf } from '../../core/landing.ts'
import { decisionChange } from '../../core/landing.ts'
import type { State } from '../../core/state.ts'
import type { Review } from './model.ts'

/** What of the daemon's state a review was made of, as one text; another text: it has to be looked at again. */
export function madeOf(state: State, { run, target }: Pick<Review, 'run' | 'target'>): string {
  const agents = state.runs[run]?.agents ?? []
  const trees = agents.map(({ name, capture }) => [name, capture?.tree ?? null])
  return JSON.stringify([trees, decisionsOf(state, run, target)])
}

/** Whether the candidates or what has landed are not what the review shows. */
export function isOutdated(state: State, review: Review): boolean {
  const agents = state.runs[review.run]?.agents ?? []
  const moved = agents.some(({ name, capture }) => capture !== null && capture.tree !== review.trees[name])
  return moved || differs(review.landed, decisionsOf(state, review.run, review.target))
}

/** Whether something else is pending than the review shows, because somebody decides in another window. */
export function isDecidedElsewhere(state: State, { run, target, pending }: Review): boolean {
  const now = state.runs[run]?.pending[target] ?? { removed: [], added: [] }
  return differs(pending.added, now.added) || differs(pending.removed, now.removed)
}

function differs(...[before, after]: Parameters<typeof decisionChange>): boolean {
  const { removed, added } = decisionChange(before, after)
  return removed.length + added.length > 0
}
