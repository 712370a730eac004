import type { LandingOutcome, LandingPlan } from '../adapters/git/landing-plan.ts'
import { planLanding } from '../adapters/git/landing.ts'
import { performLanding } from '../adapters/git/perform.ts'
import { writeTrees } from '../adapters/git/write.ts'
import { draft } from '../core/draft.ts'
import type { Landing } from '../core/event.ts'
import { decisionChange, decisionsKept } from '../core/landing.ts'
import type { Conflict, Decision, Oid } from '../core/merge/change.ts'
import { compose } from '../core/merge/compose.ts'
import { decideRegions } from '../core/merge/decision.ts'
import { pathToWire } from '../core/merge/path.ts'
import type { RegionView } from '../core/merge/region-view.ts'
import type { ConflictView, Landed } from '../core/protocol/results.ts'
import type { Pending } from '../core/state.ts'
import { landedReply } from './landings.ts'
import { forgetOldest } from './method/undo.ts'
import type { Parts } from './parts.ts'
import { readerOf, type Review } from './reviews.ts'
import { landingTarget, type PickTarget } from './target.ts'
import type { TargetLook } from './target-look.ts'

/** Decisions that are to land, whoever made them out of what words. */
export interface LandingWish {
  readonly compared: Pick<Review, 'run' | 'repository' | 'own' | 'candidates'>
  readonly target: PickTarget
  readonly look: Promise<TargetLook>
  readonly undo: string
  /** What has landed in the target, and what is to be landed there afterwards. */
  readonly before: readonly Decision[]
  readonly after: readonly Decision[]
  /** Regions that were named again, whose pieces land also where they were thrown away since. */
  readonly named: readonly RegionView[]
  /** What is noted as changed by this landing. */
  readonly change: Pending
  /** The worktree whose review is landed. */
  readonly review?: string
  readonly message: string | null
  readonly dryRun: boolean
  readonly command: string
}

/** Lands decisions in a target, all or nothing. */
export async function landDecisions(parts: Parts, wish: LandingWish): Promise<Landed> {
  const { outcome, composed } = await planned(wish)
  if (outcome.kind === 'conflict') return conflictOf(outcome.conflicts, composed)
  if (outcome.kind === 'nothing') return settleNothing(parts, wish, outcome.tree)
  const { plan } = outcome
  const { tree } = plan
  if (wish.dryRun)
    return { result: 'landed', tree, commit: null, undo: null, conflicts: [], paths: pathsOf(plan) }
  return carryOut(parts, wish, plan)
}

/**
 * Plans the landing. What is named again is first merged as if it had not landed before: so a piece that was thrown away
 * since lands again. Where that conflicts, what landed before counts as landed.
 */
async function planned(wish: LandingWish): Promise<{ outcome: LandingOutcome; composed: Oid }> {
  const { compared, target, before, after, named, look, undo: id, message, dryRun } = wish
  const { own, run, repository, candidates } = compared
  const fresh = named.reduce<readonly Decision[]>(
    (decisions, region) => decideRegions(decisions, region, []),
    before,
  )
  const again = decisionsKept(before, after).length > decisionsKept(fresh, after).length
  const read = await readerOf(own, candidates, [...before, ...after])
  const compositions = [after, before, ...(again ? [fresh] : [])].map((decisions) => compose(decisions, read))
  const [composed, base, freshBase] = await writeTrees(own, run.base, compositions)
  if (composed === undefined || base === undefined) throw new Error('compositions were not written')
  const seen = await look
  const plan = (from: Oid): Promise<LandingOutcome> =>
    planLanding({
      own,
      repository,
      ...seen,
      id,
      target: landingTarget(target, run, message, decisionChange(fresh, after).added),
      base: from,
      composed: composed.tree,
      dryRun,
    })
  const first = freshBase === undefined ? null : await plan(freshBase.tree)
  const outcome = first === null || first.kind === 'conflict' ? await plan(base.tree) : first
  return { outcome, composed: composed.tree }
}

async function carryOut(parts: Parts, wish: LandingWish, plan: LandingPlan): Promise<Landed> {
  const { compared, undo, command } = wish
  const { run, own, repository } = compared
  const landing = { ...landingOf(wish), tree: plan.tree, commit: plan.commit, paths: pathsOf(plan) }
  await parts.kernel.append([draft('merge.prepared', run.id, null, landing)])
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
    reply: () => landedReply(landing),
  })
  await forgetOldest(parts, own, repository.key)
  return landed
}

/** The target holds all of it already: the decisions are noted, nothing is written, nothing can be undone. */
async function settleNothing(parts: Parts, wish: LandingWish, tree: Oid): Promise<Landed> {
  const { change, dryRun, compared, undo } = wish
  const unchanged = change.added.length + change.removed.length === 0
  if (!unchanged && !dryRun) {
    const landing = { ...landingOf(wish), tree, commit: null, paths: [] }
    await parts.kernel.append([
      draft('merge.prepared', compared.run.id, null, landing),
      draft('merge.landed', compared.run.id, null, { undo }),
    ])
  }
  return { result: 'nothing', tree, commit: null, undo: null, conflicts: [], paths: [] }
}

function landingOf(wish: LandingWish): Omit<Landing, 'tree' | 'commit' | 'paths'> {
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

function conflictOf(conflicts: readonly Conflict[], tree: Oid): Landed {
  const views = conflicts.map(({ path, kind, base, ours, theirs }): ConflictView => ({
    ...pathToWire(path),
    kind,
    base: base?.oid ?? null,
    ours: ours?.oid ?? null,
    theirs: theirs?.oid ?? null,
  }))
  return { result: 'conflict', tree, commit: null, undo: null, conflicts: views, paths: [] }
}
