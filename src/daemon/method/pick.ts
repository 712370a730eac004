import { KageError } from '../../core/error.ts'
import { decisionChange, decisionsOf } from '../../core/landing.ts'
import type { Decision } from '../../core/merge/change.ts'
import { exclusions } from '../../core/merge/decision.ts'
import { decidePick } from '../../core/merge/pick.ts'
import { insideOf } from '../../core/merge/region-index.ts'
import type { RegionView } from '../../core/merge/region-view.ts'
import type { PickParams } from '../../core/protocol/params.ts'
import type { Landed, Picked } from '../../core/protocol/results.ts'
import { landDecisions } from '../land-decisions.ts'
import { inLandingTurn } from '../landing-turn.ts'
import { isGone } from '../missing.ts'
import type { Parts } from '../parts.ts'
import { requireOwn } from '../review-place.ts'
import type { Review } from '../reviews.ts'
import { targetOf } from '../target.ts'
import { lookAtTarget } from '../target-look.ts'
import { subjectOf } from './look.ts'

/** Takes pieces into a target, all or nothing; picks of one repository come one after the other. */
export async function pick(parts: Parts, params: PickParams): Promise<Picked> {
  const { run } = await subjectOf(parts, params)
  const { paths: _, ...picked } = await inLandingTurn(parts, run.repository.key, params.command, (number) =>
    pickInTurn(parts, params, run.id, number),
  )
  return picked
}

async function pickInTurn(parts: Parts, params: PickParams, runId: string, undo: string): Promise<Landed> {
  const repository = await parts.repositories.open(params.repo)
  const target = await targetOf(repository, params)
  const look = lookAtTarget(parts, repository, target)
  look.catch(() => {})
  const review = await parts.reviews.review(runId, (state) => decisionsOf(state, runId, target.name))
  requireOwn(review.run, repository)
  const before = decisionsOf(parts.kernel.state, runId, target.name)
  const { decisions: after, named } = decideWords(review, before, params)
  const { message, dryRun, resolutions = [], expected, person, command } = params
  const change = decisionChange(before, after)
  const compared = { ...review, repository }
  const again = before.filter(insideOf(named))
  return landDecisions(parts, {
    compared,
    target,
    look,
    undo,
    before,
    after,
    again,
    isGone: (tree) => isGone(review, { landed: before, again, tree }),
    change,
    message,
    person,
    dryRun,
    resolutions,
    ...(expected === undefined ? {} : { expected }),
    command,
  })
}

/** What the words of a pick decide. */
function decideWords(
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
