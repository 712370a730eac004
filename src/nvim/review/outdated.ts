import { commentsOf } from '../../core/comment.ts'
import { keepingChange, keptOf } from '../../core/kept.ts'
import { decisionChange, decisionsOf, pendingOf } from '../../core/landing.ts'
import { checkedTree } from '../../core/check.ts'
import type { State } from '../../core/state.ts'
import { isRunning } from './check-rows.ts'
import type { Review } from './model.ts'

/** What of the daemon's state a review was made of, as one text; another text: it has to be looked at again. */
export function madeOf(state: State, { run, target }: Pick<Review, 'run' | 'target'>): string {
  const agents = state.runs[run]?.agents ?? []
  const trees = agents.map(({ name, capture }) => [name, capture?.tree ?? null])
  return JSON.stringify([trees, decisionsOf(state, run, target)])
}

/** Whether a candidate is not what the review shows. */
export function isOutdated(state: State, { run, trees }: Review): boolean {
  const agents = state.runs[run]?.agents ?? []
  return agents.some(({ name, capture }) => capture !== null && capture.tree !== trees[name])
}

/** The review after a landing or an undo, whoever asked for it: what was pending is landed, or pending again. */
export function withLanded(state: State, review: Review): Review {
  const landed = decisionsOf(state, review.run, review.target)
  if (!differs(review.landed, landed)) return review
  return { ...review, landed, pending: pendingOf(state, review.run, review.target), past: [], future: [] }
}

/** The review with what is still to be sent, whoever wrote or sent it. */
export function withComments(state: State, review: Review): Review {
  const comments = commentsOf(state, review.run, review.target)
  return JSON.stringify(comments) === JSON.stringify(review.comments) ? review : { ...review, comments }
}

/** The review with how the checks of its result go on. */
export function withChecks(state: State, review: Review): Review {
  const { checked, run } = review
  const known = checkedTree(state, run, checked?.tree ?? '')
  if (!isRunning(checked) || known === null) return review
  const { tree, results, left = [] } = known
  // The last one is told with the answer to who asked.
  return left.length === 0 ? review : { ...review, checked: { tree, results, left } }
}

/** Whether something else is decided than the review shows, because somebody decides in another window. */
export function isDecidedElsewhere(state: State, { run, target, pending, keptBase }: Review): boolean {
  const now = pendingOf(state, run, target)
  if (differs(pending.added, now.added) || differs(pending.removed, now.removed)) return true
  const { kept, unkept } = keepingChange([...keptBase], keptOf(state, run, target))
  return kept.length + unkept.length > 0
}

function differs(...[before, after]: Parameters<typeof decisionChange>): boolean {
  const { removed, added } = decisionChange(before, after)
  return removed.length + added.length > 0
}
