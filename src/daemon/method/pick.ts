import { actsOf, type ActsView } from '../../core/acts.ts'
import { KageError } from '../../core/error.ts'
import { decisionChange, decisionsOf } from '../../core/landing.ts'
import type { Decision } from '../../core/merge/change.ts'
import { exclusions } from '../../core/merge/decision.ts'
import type { JoinFault } from '../../core/merge/join.ts'
import { pathToWire } from '../../core/merge/path.ts'
import { decidePick, type PickOutcome } from '../../core/merge/pick.ts'
import type { PickParams } from '../../core/protocol/params.ts'
import type { Landed, Picked } from '../../core/protocol/results.ts'
import { requireNoAlarms } from '../alarm.ts'
import { joinedConflict } from '../join-conflict.ts'
import { landDecisions } from '../land-decisions.ts'
import { inLandingTurn } from '../landing-turn.ts'
import { isGone } from '../missing.ts'
import type { Parts } from '../parts.ts'
import { replacedViews } from '../replaced-view.ts'
import { requireOwn } from '../review-place.ts'
import type { Review } from '../reviews.ts'
import { targetOf } from '../target.ts'
import { lookAtTarget } from '../target-look.ts'
import { subjectToChange } from './look.ts'

/** Takes pieces into a target, all or nothing; picks of one repository come one after the other. */
export async function pick(parts: Parts, params: PickParams): Promise<Picked> {
  const { run } = await subjectToChange(parts, params)
  const { paths: _, ...picked } = await inLandingTurn(parts, run.repository.key, params.command, (number) =>
    pickInTurn(parts, params, run.id, number),
  )
  return picked
}

async function pickInTurn(parts: Parts, params: PickParams, runId: string, undo: string): Promise<Landed> {
  await requireNoAlarms(parts, runId)
  const repository = await parts.repositories.open(params.repo)
  const target = await targetOf(repository, params)
  const look = lookAtTarget(parts, repository, target)
  look.catch(() => {})
  const { without = [] } = params
  const review = await parts.reviews.review(runId, (state) => decisionsOf(state, runId, target.name), without)
  requireOwn(review.run, repository)
  const before = decisionsOf(parts.kernel.state, runId, target.name)
  const decided = decideWords(review, before, params)
  if ('join' in decided) return joinedConflict(review, before, decided.join)
  const { decisions: after, again } = decided
  const { message, dryRun, resolutions = [], expected, person, command } = params
  const change = decisionChange(before, after)
  const compared = { ...review, repository }
  const landed = await landDecisions(parts, {
    compared,
    target,
    look,
    undo,
    before,
    after,
    again,
    isGone: (tree) => isGone(review, { landed: before, again, tree }),
    change,
    replaced: replacedViews(change.removed, review.regions),
    message,
    person,
    dryRun,
    resolutions,
    ...(expected === undefined ? {} : { expected }),
    command,
  })
  const acts = actsOfChange(review, change.added)
  return acts.length === 0 || landed.result !== 'landed' ? landed : { ...landed, acts }
}

/** On which of the added changes tools act. */
function actsOfChange({ regions, read }: Review, added: readonly Decision[]): ActsView[] {
  const paths = new Set(added.map(({ path }) => path))
  const found = regions.flatMap(({ region }) => {
    const acts = paths.has(region.path) ? actsOf(region, read) : null
    return acts === null ? [] : [[region.path, acts] as const]
  })
  return [...new Map(found)].map(([path, acts]) => ({ ...pathToWire(path), acts }))
}

/** What the words of a pick decide. */
function decideWords(
  review: Review,
  before: readonly Decision[],
  params: PickParams,
): PickOutcome | JoinFault {
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
      agents: review.run.agents
        .map(({ name }) => name)
        .filter((name) => params.without?.includes(name) !== true),
      regions: new Map(review.regions.map(({ id, region }) => [id, region])),
      read: review.read,
    },
  )
  if ('join' in decided) return decided
  if ('code' in decided) throw new KageError(decided.code, decided.message, decided.hint)
  const excluded = exclusions(decided.decisions, review.candidates)
  if (excluded !== null) throw new KageError(excluded.code, excluded.message, excluded.hint)
  return decided
}
