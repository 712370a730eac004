import { fault } from '../../core/error.ts'
import type { Fault } from '../../core/error.ts'
import { joinKept, type Keeping } from '../../core/kept.ts'
import { decisionChange, joinPending, withPending, wantedOf } from '../../core/landing.ts'
import type { Candidate, Decision, UnitChange } from '../../core/merge/change.ts'
import { exclusions } from '../../core/merge/decision.ts'
import { type Change, type Review, type Step } from './model.ts'

/** A review after a change, and the change to tell the daemon. */
export interface Changed {
  readonly review: Review
  readonly change: Change
}

/** Replaces what is decided, and where the base is kept; refused where it cannot be composed. It can be taken back. */
export function decided(
  review: Review,
  after: readonly Decision[],
  keeping: Partial<Keeping> = {},
): Changed | Fault {
  const excluded = exclusions(after, knownFiles(review))
  if (excluded !== null) return excluded
  const kept = (keeping.kept ?? []).filter((key) => !review.keptBase.has(key))
  const unkept = (keeping.unkept ?? []).filter((key) => review.keptBase.has(key))
  const change = { ...decisionChange(wantedOf(review), after), kept, unkept }
  if (isNothing(change)) return { review, change }
  const step = { ...change, region: review.position.region }
  const next = stepped(review, change)
  return { review: { ...next, past: [...review.past, step], future: [] }, change }
}

/** Whether a change is none. */
export function isNothing({ removed, added, kept, unkept }: Change): boolean {
  return removed.length + added.length + kept.length + unkept.length === 0
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
  const { kept, unkept } = step
  const change = { ...decisionChange(before, after), kept, unkept }
  const there = review.regions.some(({ region }) => region.key === step.region)
  const position = there ? { region: step.region, letter: null } : review.position
  return { review: { ...stepped(review, change), position, top: 0 }, change }
}

function stepped(review: Review, change: Change): Review {
  const keptBase = new Set(joinKept([...review.keptBase], change))
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
