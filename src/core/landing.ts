import type { Decision, Oid } from './merge/change.ts'
import { goingWith } from './merge/decision.ts'
import { sortDecisions } from './merge/decision-order.ts'
import { isMixable } from './merge/facet.ts'
import { strayLines, withoutStrays } from './merge/stray.ts'
import type { LandingState, Pending, State } from './state.ts'

/**
 * What is decided for a run and a target (null: for any target): every landing that stands, in order, adds and removes. What
 * was committed from a worktree's review has landed in that worktree as well.
 */
export function decisionsOf(state: State, run: string, target: string | null): Decision[] {
  const decided = new Map<string, Decision>()
  for (const landing of Object.values(state.landings)) {
    const here = target === null || landing.target === target || landing.review === target
    if (landing.run !== run || !stands(landing) || !here) continue
    for (const decision of landing.removed) decided.delete(keyOf(decision))
    for (const decision of landing.added) decided.set(keyOf(decision), decision)
    if (!landing.removed.some(isNewFile) && !landing.added.some(isForNewFile)) continue
    for (const decision of strayLines([...decided.values()])) decided.delete(keyOf(decision))
  }
  return sortDecisions([...decided.values()])
}

/** Whether a landing has landed; until it is undone one that is being undone has. */
function stands({ phase }: LandingState): boolean {
  return phase === 'landed' || phase === 'undoing'
}

function isNewFile(decision: Decision): boolean {
  return decision.kind === 'unit' && isMixable(decision)
}

function isForNewFile(decision: Decision): boolean {
  return decision.kind === 'atom' && decision.newFile === true
}

/** The tree of a target before the first landing of a run there that stands; null where none has landed. */
export function treeBefore({ landings }: State, run: string, target: string): Oid | null {
  const first = Object.values(landings).find(
    (landing) => landing.run === run && stands(landing) && landing.target === target,
  )
  return first?.from ?? null
}

/** The decisions of a run and target that a landing of all that is pending would leave. */
export function wantedDecisions(state: State, run: string, target: string): Decision[] {
  return withPending(decisionsOf(state, run, target), pendingOf(state, run, target))
}

/** The same, of what a review shows. */
export function wantedOf(shown: {
  readonly landed: readonly Decision[]
  readonly pending: Pending
}): readonly Decision[] {
  const { landed, pending } = shown
  const known = knownWanted.get(pending)
  if (known?.landed === landed) return known.wanted
  const wanted = withPending(landed, pending)
  knownWanted.set(pending, { landed, wanted })
  return wanted
}

const knownWanted = new WeakMap<
  Pending,
  { readonly landed: readonly Decision[]; readonly wanted: readonly Decision[] }
>()

/** What is decided for a run and target and has not landed. */
export function pendingOf(state: State, run: string, target: string): Pending {
  return state.runs[run]?.pending[target] ?? nothingPending
}

const nothingPending: Pending = { removed: [], added: [] }

/** Decisions after what is pending; lines for a new file that goes with it go, too. */
export function withPending(decisions: readonly Decision[], { removed, added }: Pending): Decision[] {
  return withoutStrays(sortDecisions([...without(decisions, removed), ...added]))
}

/** A further change of what is pending: what it adds may only cancel a removal, what it removes an addition. */
export function joinPending(before: Pending, change: Pending): Pending {
  return {
    removed: sortDecisions([
      ...without(before.removed, change.added),
      ...without(change.removed, before.added),
    ]),
    added: sortDecisions([
      ...without(before.added, change.removed),
      ...without(change.added, before.removed),
    ]),
  }
}

/** What is still pending beside decisions that have landed now; what had landed last wins over what was decided before. */
export function pendingAfter(before: Pending, landed: readonly Decision[]): Pending {
  const removed = decisionsKept(landed, before.removed)
  return { removed, added: goingWith(without(landed, removed), without(before.added, landed)) }
}

function without(decisions: readonly Decision[], others: readonly Decision[]): Decision[] {
  const gone = new Set(others.map(keyOf))
  return decisions.filter((decision) => !gone.has(keyOf(decision)))
}

/** What changes from some decisions to others. */
export function decisionChange(
  before: readonly Decision[],
  after: readonly Decision[],
): { readonly removed: Decision[]; readonly added: Decision[] } {
  const [old, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))]
  return {
    removed: before.filter((decision) => !now.has(keyOf(decision))),
    added: after.filter((decision) => !old.has(keyOf(decision))),
  }
}

/** The decisions that some decisions have in common with others. */
export function decisionsKept(before: readonly Decision[], after: readonly Decision[]): Decision[] {
  const now = new Set(after.map(keyOf))
  return before.filter((decision) => now.has(keyOf(decision)))
}

/** The number of the next landing, u1, u2…, after all that are taken. */
export function nextUndo(taken: Iterable<string>): string {
  let most = 0
  for (const undo of taken) most = Math.max(most, Number(undo.slice(1)))
  return `u${most + 1}`
}

/** Two decisions are the same when they change the same lines of the same file to the same bytes, whoever they come from. */
function keyOf(decision: Decision): string {
  const known = keys.get(decision)
  if (known !== undefined) return known
  const key = keyAnew(decision)
  keys.set(decision, key)
  return key
}

const keys = new WeakMap<Decision, string>()

function keyAnew(decision: Decision): string {
  if (decision.kind === 'atom') {
    const { path, base, atom } = decision
    return JSON.stringify(['atom', path, base.oid, atom.start, atom.end, atom.text])
  }
  const { path, entry, content, to } = decision
  return JSON.stringify(['unit', path, entry?.mode ?? null, content ?? entry?.oid ?? null, to ?? null])
}
