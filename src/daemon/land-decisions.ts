import type { LandingOutcome, LandingPlan } from '../adapters/git/landing/landing-plan.ts'
import { planLanding } from '../adapters/git/landing/landing.ts'
import { repositoryOfPerson } from '../adapters/git/landing/person-commit.ts'
import { performLanding } from '../adapters/git/landing/perform.ts'
import { writeTrees } from '../adapters/git/object/write.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import type { EventDraft, Landing } from '../core/event.ts'
import { decisionChange, decisionsKept, treeBefore, withPending } from '../core/landing.ts'
import type { Decision, Oid } from '../core/merge/change.ts'
import type { NamedConflict } from '../core/merge/conflict.ts'
import { compose } from '../core/merge/compose.ts'
import { exclusions } from '../core/merge/decision.ts'
import type { Landed } from '../core/protocol/results.ts'
import type { ResolutionParam } from '../core/protocol/params.ts'
import { type Remembered, worthRemembering } from '../core/remembered.ts'
import type { Pending } from '../core/state.ts'
import { conflictViews } from './conflict-view.ts'
import { fileViews } from './file-view.ts'
import { type PlannedLanding, landingWarnings } from './landing-warnings.ts'
import { landedReply } from './landings.ts'
import { forgetOldest } from './method/undo.ts'
import type { Parts } from './parts.ts'
import { readerOf, type Review } from './reviews.ts'
import { saidBy } from './said.ts'
import { landingTarget, type PickTarget } from './target.ts'
import type { TargetLook } from './target-look.ts'
import { refuseUnsaved } from './unsaved.ts'

/** Decisions that are to land, whoever made them out of what words. */
export interface LandingWish {
  readonly compared: Pick<Review, 'run' | 'repository' | 'own' | 'candidates'>
  readonly target: PickTarget
  readonly look: Promise<TargetLook>
  readonly undo: string
  /** What has landed in the target, and what is to be landed there afterwards. */
  readonly before: readonly Decision[]
  readonly after: readonly Decision[]
  /** Of what has landed what was named again: it lands also where it was thrown away since. */
  readonly again: readonly Decision[]
  /** Whether some of that is not in such a tree any more. */
  readonly isGone: (tree: Oid) => Promise<boolean>
  /** What is noted as changed by this landing. */
  readonly change: Pending
  /** The landed decisions that this takes out, for the answer. */
  readonly replaced: Landed['replaced']
  /** The worktree whose review is landed. */
  readonly review?: string
  readonly message: string | null
  /** The asking client's variables that name the person of a commit. */
  readonly person?: Readonly<Record<string, string>> | undefined
  readonly dryRun: boolean
  /** The tree that shall come of it, where that is known. */
  readonly expected?: string
  /** What the person says to conflicts. */
  readonly resolutions: readonly ResolutionParam[]
  readonly command: string
}

/** Lands decisions in a target, all or nothing. */
export async function landDecisions(parts: Parts, wish: LandingWish): Promise<Landed> {
  // An open review looks at its own buffers before it tries.
  const isTrialOfReview = wish.review !== undefined && wish.dryRun
  if (wish.target.checkedOut && !isTrialOfReview)
    await refuseUnsaved(parts, wish.compared.repository.root, () => pathsToWrite(parts, wish))
  const made = await planned(parts, wish)
  const warnings = await landingWarnings(wish.compared, made)
  return { ...(await settled(parts, wish, made)), warnings }
}

/** Carries out what is planned, or tells what it would come to. */
async function settled(
  parts: Parts,
  wish: LandingWish,
  { outcome, composed }: PlannedLanding,
): Promise<Omit<Landed, 'warnings'>> {
  if (outcome.kind === 'conflict') return conflictOf(parts, wish, outcome.conflicts, composed)
  const said = rememberedEvents(wish, outcome.resolved)
  requireExpected(wish, outcome.kind === 'plan' ? outcome.plan.tree : outcome.tree)
  if (outcome.kind === 'nothing') return settleNothing(parts, wish, outcome.tree, said)
  const { plan, ours } = outcome
  const { tree } = plan
  if (wish.dryRun) {
    const files = await fileViews(wish.compared.own, ours, tree)
    return { ...nothingDone(wish, tree), result: 'landed', files, paths: pathsOf(plan) }
  }
  return carryOut(parts, wish, { plan, ours }, said)
}

/** The paths that the landing would write. */
async function pathsToWrite(parts: Parts, wish: LandingWish): Promise<string[]> {
  const { outcome } = await planned(parts, { ...wish, dryRun: true })
  return outcome.kind === 'plan' ? pathsOf(outcome.plan) : []
}

/**
 * Plans the landing. What is named again, and stays, is first merged as if it had not landed before: so a piece that was thrown
 * away since lands again. Where that conflicts, or a file is in its way, what landed before counts as landed, unless the target
 * has not got all of it: then that conflict is told. What is said to conflicts is said to those of either.
 */
async function planned(parts: Parts, wish: LandingWish): Promise<PlannedLanding> {
  const { compared, target, before, after, look, undo: id, message, dryRun } = wish
  const { own, run, repository, candidates } = compared
  const fresh = freshOf(wish)
  const read = await readerOf(own, candidates, [...before, ...after])
  // Without what is named again the rest need not go together: a file may stay where the rest needs a directory.
  const isFresh = fresh.length < before.length && exclusions(fresh, candidates) === null
  const compositions = [after, before, ...(isFresh ? [fresh] : [])].map((decisions) =>
    compose(decisions, read),
  )
  const [composed, base, freshBase] = await writeTrees(own, run.base, compositions)
  if (composed === undefined || base === undefined) throw new Error('compositions were not written')
  const seen = await look
  const { state } = parts.kernel
  const said = saidBy(wish.resolutions, { state, repository: repository.key })
  const first = treeBefore(state, run.id, target.name)
  const landedTarget = first === null ? undefined : { root: run.base, first, landed: before }
  const plan = (from: Oid, landed: readonly Decision[], isTrial: boolean = dryRun): Promise<LandingOutcome> =>
    planLanding({
      own,
      repository: repositoryOfPerson(repository, wish.person),
      ...seen,
      id,
      target: landingTarget(target, run, message, decisionChange(fresh, after).added),
      base: from,
      composed,
      dryRun: isTrial,
      said,
      decided: { before: landed, after, target: before.length === 0 ? null : landedTarget },
    })
  const tried = freshBase === undefined ? null : await plan(freshBase, fresh).catch(nullWhereRefused)
  if (tried !== null && tried.kind !== 'conflict') return { outcome: tried, composed, base }
  if (tried !== null) {
    const landed = await plan(base, before, true).catch(nullWhereRefused)
    const ours = landed === null ? null : oursOf(landed)
    if (landed === null || (ours !== null && (await wish.isGone(ours))))
      return { outcome: tried, composed, base }
  }
  return { outcome: await plan(base, before), composed, base }
}

/** What has landed without what is named again and stays. */
function freshOf({ before, after, again }: LandingWish): Decision[] {
  return withPending(before, { removed: decisionsKept(again, after), added: [] })
}

/** The tree of the target, where the outcome tells it. */
function oursOf(outcome: LandingOutcome): Oid | null {
  if (outcome.kind === 'nothing') return outcome.tree
  return outcome.kind === 'plan' ? outcome.ours : null
}

function nullWhereRefused(thrown: unknown): null {
  const codes: readonly string[] = ['KAGE_TARGET_OCCUPIED', 'KAGE_CONFLICT_UNKNOWN']
  if (thrown instanceof KageError && codes.includes(thrown.code)) return null
  throw thrown
}

async function carryOut(
  parts: Parts,
  wish: LandingWish,
  { plan, ours }: { readonly plan: LandingPlan; readonly ours: Oid },
  said: readonly EventDraft[],
): Promise<Landed> {
  const { compared, undo, command } = wish
  const { run, own, repository } = compared
  const landing = {
    ...landingOf(wish),
    from: ours,
    tree: plan.tree,
    commit: plan.commit,
    paths: pathsOf(plan),
  }
  await parts.kernel.append([...said, draft('merge.prepared', run.id, null, landing)])
  try {
    await performLanding(plan)
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    await parts.kernel.append([draft('merge.dropped', run.id, null, { undo, message, foreign: [] })])
    throw thrown
  }
  const landed = await parts.kernel.execute({
    command,
    decide: () => ({ events: [draft('merge.landed', run.id, null, { undo })] }),
    reply: () => landedReply(landing, wish.replaced),
  })
  await forgetOldest(parts, own, repository)
  return landed
}

/** The target holds all of it already: the decisions are noted, nothing is written, nothing can be undone. */
async function settleNothing(
  parts: Parts,
  wish: LandingWish,
  tree: Oid,
  said: readonly EventDraft[],
): Promise<Omit<Landed, 'warnings'>> {
  const { change, dryRun, compared, undo } = wish
  const unchanged = change.added.length + change.removed.length === 0
  if (!unchanged && !dryRun) {
    const landing = { ...landingOf(wish), from: tree, tree, commit: null, paths: [] }
    await parts.kernel.append([
      ...said,
      draft('merge.prepared', compared.run.id, null, landing),
      draft('merge.landed', compared.run.id, null, { undo }),
    ])
  }
  return { ...nothingDone(wish, tree), result: 'nothing' }
}

/** An answer without a commit or undo, in which the decisions hold. */
function nothingDone({ replaced }: LandingWish, tree: Oid): Omit<Landed, 'result' | 'warnings'> {
  return { tree, commit: null, undo: null, conflicts: [], replaced, paths: [] }
}

function requireExpected({ expected }: LandingWish, tree: Oid): void {
  if (expected === undefined || expected === tree) return
  const message = 'The target has changed since the result was checked.'
  throw new KageError('KAGE_TARGET_MOVED', message, 'Nothing was changed; check it again.')
}

function landingOf(wish: LandingWish): Omit<Landing, 'from' | 'tree' | 'commit' | 'paths'> {
  const { undo, command, compared, target, change, review } = wish
  const repository = compared.repository.key
  return {
    undo,
    command,
    repository,
    target: target.name,
    ...change,
    ...(review === undefined ? {} : { review }),
  }
}

function pathsOf(plan: LandingPlan): string[] {
  return plan.steps.map((step) => step.path)
}

/** What was said to conflicts, as the fact that is remembered; a trial is none. */
function rememberedEvents({ compared, dryRun }: LandingWish, resolved: readonly Remembered[]): EventDraft[] {
  const resolutions = worthRemembering(resolved)
  const repository = compared.repository.key
  if (dryRun || resolutions.length === 0) return []
  return [draft('conflict.resolved', compared.run.id, null, { repository, resolutions })]
}

function conflictOf(
  { kernel: { state } }: Parts,
  wish: LandingWish,
  conflicts: readonly NamedConflict[],
  tree: Oid,
): Omit<Landed, 'warnings'> {
  const { compared, after } = wish
  const { added } = decisionChange(freshOf(wish), after)
  const views = conflictViews(conflicts, {
    state,
    repository: compared.repository.key,
    run: compared.run.id,
    added,
  })
  return { ...nothingDone(wish, tree), result: 'conflict', conflicts: views, replaced: [] }
}
