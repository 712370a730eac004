import { fault } from '../../core/error.ts'
import type { Fault } from '../../core/error.ts'
import { decisionChange, joinPending, withPending, wantedOf } from '../../core/landing.ts'
import type { Candidate, Decision, UnitChange } from '../../core/merge/change.ts'
import { exclusions } from '../../core/merge/decision.ts'
import type { Pending } from '../../core/state.ts'
import { type Review, type Step } from './model.ts'

/** A review after a change, and the change to tell the daemon. */
export interface Changed {
  readonly review: Review
  readonly change: Pending
}

/** Which regions a change makes to be kept as the base, or not any more. */
export interface Keeping {
  readonly kept?: readonly string[]
  readonly unkept?: readonly string[]
}

/** Replaces what is decided; refused where it cannot be composed. It can be taken back. */
export function decided(review: Review, after: readonly Decision[], keeping: Keeping = {}): Changed | Fault {
  const excluded = exclusions(after, knownFiles(review))
  if (excluded !== null) return excluded
  const kept = (keeping.kept ?? []).filter((key) => !review.keptBase.has(key))
  const unkept = (keeping.unkept ?? []).filter((key) => review.keptBase.has(key))
  const change = decisionChange(wantedOf(review), after)
  const step = { ...change, kept, unkept, region: review.position.region }
  if (change.added.length + change.removed.length + kept.length + unkept.length === 0)
    return { review, change }
  const next = stepped(review, step, change)
  return { review: { ...next, past: [...review.past, step], future: [] }, change }
}

/** Takes the last change back. */
export function undone(review: Review): Changed | Fault {
  const step = review.past.at(-1)
  if (step === undefined)
    return fault('KAGE_UNDO_UNKNOWN', 'There is no earlier decision.', 'Decide something first.')
  const back = inverse(step)
  const changed = replayed(review, back)
  if ('code' in changed) return changed
  const past = review.past.slice(0, -1)
  return { ...changed, review: { ...changed.review, past, future: [...review.future, step] } }
}

/** Makes the change again that was taken back last. */
export function redone(review: Review): Changed | Fault {
  const step = review.future.at(-1)
  if (step === undefined)
    return fault('KAGE_UNDO_UNKNOWN', 'There is no later decision.', '`u` takes one back.')
  const changed = replayed(review, step)
  if ('code' in changed) return changed
  const future = review.future.slice(0, -1)
  return { ...changed, review: { ...changed.review, past: [...review.past, step], future } }
}

/** Makes a change of before; what somebody else decided meanwhile may exclude it. */
function replayed(review: Review, step: Step): Changed | Fault {
  const before = wantedOf(review)
  const after = withPending(before, step)
  const excluded = exclusions(after, knownFiles(review))
  if (excluded !== null) return excluded
  const change = decisionChange(before, after)
  const there = review.regions.some(({ region }) => region.key === step.region)
  const position = there ? { region: step.region, letter: null } : review.position
  return { review: { ...stepped(review, step, change), position, top: 0 }, change }
}

function stepped(review: Review, { kept, unkept }: Step, change: Pending): Review {
  const keptBase = new Set(review.keptBase)
  for (const key of unkept) keptBase.delete(key)
  for (const key of kept) keptBase.add(key)
  return { ...review, keptBase, pending: joinPending(review.pending, change), picked: null }
}

function inverse({ removed, added, kept, unkept, region }: Step): Step {
  return { removed: added, added: removed, kept: unkept, unkept: kept, region }
}

/** What is known of the base: the files that somebody changed. */
function knownFiles({ answered }: Review): Candidate[] {
  const changes = answered.map(({ region: { path, base } }): UnitChange => {
    return { kind: 'unit', unit: 'type', path, base, entry: null }
  })
  return [{ agent: '', tree: '', changes }]
}
