import { performLanding } from '../../adapters/git/perform.ts'
import type { LandingOutcome, LandingPlan } from '../../adapters/git/landing-plan.ts'
import { planLanding } from '../../adapters/git/landing.ts'
import { writeTrees } from '../../adapters/git/write.ts'
import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import type { Landing } from '../../core/event.ts'
import { decisionChange, decisionsKept, decisionsOf, nextUndo } from '../../core/landing.ts'
import type { Conflict, Decision, Oid } from '../../core/merge/change.ts'
import { compose } from '../../core/merge/compose.ts'
import { decideRegions, exclusions } from '../../core/merge/decision.ts'
import { pathToWire } from '../../core/merge/path.ts'
import { decidePick } from '../../core/merge/pick.ts'
import type { RegionView } from '../../core/merge/region-view.ts'
import type { PickParams } from '../../core/protocol/params.ts'
import type { ConflictView, Picked } from '../../core/protocol/results.ts'
import { landedReply } from '../landings.ts'
import type { Parts } from '../parts.ts'
import { readerOf, type Review } from '../reviews.ts'
import { landingTarget, type PickTarget, targetOf } from '../target.ts'
import { lookAtTarget, type TargetLook } from '../target-look.ts'
import { subjectOf } from './look.ts'
import { forgetOldest } from './undo.ts'

/** Takes pieces into a target, all or nothing; picks of one repository come one after the other. */
export async function pick(parts: Parts, params: PickParams): Promise<Picked> {
  const { run } = await subjectOf(parts, params)
  return parts.lanes.run(run.repository.key, async () => {
    const known = parts.store.commandReply(params.command)
    if (known !== null) return JSON.parse(known) as Picked
    const undo = nextUndo([...Object.keys(parts.kernel.state.landings), ...parts.undosUnderway])
    parts.undosUnderway.add(undo)
    try {
      return await pickInTurn(parts, params, run.id, undo)
    } finally {
      parts.undosUnderway.delete(undo)
    }
  })
}

async function pickInTurn(parts: Parts, params: PickParams, runId: string, id: string): Promise<Picked> {
  const repository = await parts.repositories.open(params.repo)
  const target = await targetOf(repository, params)
  const look = lookAtTarget(parts, repository, target)
  look.catch(() => {})
  const found = await parts.reviews.review(runId, (state) => decisionsOf(state, runId, target.name))
  if (found.repository.key !== repository.key) {
    throw new KageError(
      'KAGE_RUN_UNKNOWN',
      `${runId} belongs to ${found.repository.root}.`,
      'Go there, or name it with --repo.',
    )
  }
  const review = { ...found, repository }
  const before = decisionsOf(parts.kernel.state, runId, target.name)
  const { decisions: after, named } = decide(review, before, params)
  const change = decisionChange(before, after)
  const plan = await planned(review, target, { before, after, named, look, id, params })
  if (plan.outcome.kind === 'conflict') return conflictOf(plan.outcome.conflicts, plan.composed)
  if (plan.outcome.kind === 'nothing')
    return settleNothing(parts, review, target, change, id, plan.outcome.tree, params)
  const landed = plan.outcome.plan
  if (params.dryRun) return { result: 'landed', tree: landed.tree, commit: null, undo: null, conflicts: [] }
  return land(parts, review, target, change, landed, params)
}

function decide(
  review: Review,
  before: readonly Decision[],
  params: PickParams,
): { decisions: Decision[]; named: readonly RegionView[] } {
  const decided = decidePick(
    before,
    {
      from: params.from,
      paths: params.paths.map((path) => path.replace(/\/+$/, '')),
      regions: params.regions,
      lines: params.lines,
      choices: params.choices.map(({ region, choice, text }) =>
        text === undefined
          ? { region, choice }
          : { region, choice, edited: Buffer.from(text).toString('latin1') },
      ),
    },
    {
      agents: review.run.agents.map((agent) => agent.name),
      regions: new Map(review.regions.map(({ id, region }) => [id, region])),
      read: review.read,
    },
  )
  if ('code' in decided) throw new KageError(decided.code, decided.message, decided.hint)
  const excluded = exclusions(decided.decisions, review.candidates)
  if (excluded !== null) throw new KageError(excluded.code, excluded.message, excluded.hint)
  return decided
}

interface Wanted {
  readonly before: readonly Decision[]
  readonly after: readonly Decision[]
  readonly named: readonly RegionView[]
  readonly look: Promise<TargetLook>
  readonly id: string
  readonly params: PickParams
}

/**
 * Plans the landing. What is named again is first merged as if it had not landed before: so a piece that was thrown away
 * since lands again. Where that conflicts, what landed before counts as landed.
 */
async function planned(
  review: Review,
  target: PickTarget,
  wanted: Wanted,
): Promise<{ outcome: LandingOutcome; composed: Oid }> {
  const { before, after, named, look, id, params } = wanted
  const fresh = named.reduce<readonly Decision[]>(
    (decisions, region) => decideRegions(decisions, region, []),
    before,
  )
  const again = decisionsKept(before, after).length > decisionsKept(fresh, after).length
  const read = await readerOf(review.own, review.candidates, [...before, ...after])
  const compositions = [after, before, ...(again ? [fresh] : [])].map((decisions) => compose(decisions, read))
  const [composed, base, freshBase] = await writeTrees(review.own, review.run.base, compositions)
  if (composed === undefined || base === undefined) throw new Error('compositions were not written')
  const seen = await look
  const plan = (from: Oid): Promise<LandingOutcome> =>
    planLanding({
      own: review.own,
      repository: review.repository,
      ...seen,
      id,
      target: landingTarget(target, review.run, params.message, decisionChange(fresh, after).added),
      base: from,
      composed: composed.tree,
      dryRun: params.dryRun,
    })
  const first = freshBase === undefined ? null : await plan(freshBase.tree)
  const outcome = first === null || first.kind === 'conflict' ? await plan(base.tree) : first
  return { outcome, composed: composed.tree }
}

async function land(
  parts: Parts,
  review: Review,
  target: PickTarget,
  change: ReturnType<typeof decisionChange>,
  plan: LandingPlan,
  params: PickParams,
): Promise<Picked> {
  const { tree, commit, id: undo } = plan
  const paths = plan.steps.map((step) => step.path)
  const landing = { ...landingOf(review, target, change, undo, params), tree, commit, paths }
  await parts.kernel.append([draft('merge.prepared', review.run.id, null, landing)])
  try {
    await performLanding(plan)
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    await parts.kernel.append([draft('merge.dropped', review.run.id, null, { undo, message, foreign: [] })])
    throw thrown
  }
  const landed = await parts.kernel.execute({
    command: params.command,
    decide: () => ({ events: [draft('merge.landed', review.run.id, null, { undo })] }),
    reply: () => landedReply(landing),
  })
  await forgetOldest(parts, review.own, review.repository.key)
  return landed
}

/** The target holds all of it already: the decisions are noted, nothing is written, nothing can be undone. */
async function settleNothing(
  parts: Parts,
  review: Review,
  target: PickTarget,
  change: ReturnType<typeof decisionChange>,
  undo: string,
  tree: Oid,
  params: PickParams,
): Promise<Picked> {
  const unchanged = change.added.length + change.removed.length === 0
  if (!unchanged && !params.dryRun) {
    const landing = { ...landingOf(review, target, change, undo, params), tree, commit: null, paths: [] }
    await parts.kernel.append([
      draft('merge.prepared', review.run.id, null, landing),
      draft('merge.landed', review.run.id, null, { undo }),
    ])
  }
  return { result: 'nothing', tree, commit: null, undo: null, conflicts: [] }
}

function landingOf(
  review: Review,
  target: PickTarget,
  change: ReturnType<typeof decisionChange>,
  undo: string,
  { command }: PickParams,
): Omit<Landing, 'tree' | 'commit' | 'paths'> {
  return { undo, command, repository: review.repository.key, target: target.name, ...change }
}

function conflictOf(conflicts: readonly Conflict[], tree: Oid): Picked {
  const views = conflicts.map(({ path, kind, base, ours, theirs }): ConflictView => ({
    ...pathToWire(path),
    kind,
    base: base?.oid ?? null,
    ours: ours?.oid ?? null,
    theirs: theirs?.oid ?? null,
  }))
  return { result: 'conflict', tree, commit: null, undo: null, conflicts: views }
}
