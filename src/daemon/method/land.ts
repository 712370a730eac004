import { decisionChange, decisionsKept, decisionsOf, wantedDecisions } from '../../core/landing.ts'
import type { Decision } from '../../core/merge/change.ts'
import { sortDecisions } from '../../core/merge/decision-order.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Pending } from '../../core/state.ts'
import { requireNoAlarms } from '../alarm.ts'
import { candidatesOf } from '../candidates.ts'
import { landDecisions } from '../land-decisions.ts'
import { inLandingTurn } from '../landing-turn.ts'
import type { Parts } from '../parts.ts'
import { replacedViews } from '../replaced-view.ts'
import { reviewPlace } from '../review-place.ts'
import { requireShown, requireUnchanged } from '../shown.ts'
import { targetOf } from '../target.ts'
import { lookAtTarget } from '../target-look.ts'
import { subjectToChange } from './look.ts'

/**
 * Lands all that is wanted for the person's worktree, as it was shown to them, there or as a commit on its branch. Then
 * nothing of it is pending any more; an undo of this landing makes it pending again, so that a review is back as it was
 * before it was landed.
 */
export async function land(parts: Parts, params: PersonParams['land']): Promise<Results['land']> {
  const { run } = await subjectToChange(parts, params)
  return inLandingTurn(parts, run.repository.key, params.command, (undo) => landInTurn(parts, params, undo))
}

async function landInTurn(
  parts: Parts,
  params: PersonParams['land'],
  undo: string,
): Promise<Results['land']> {
  const { run, repository } = await reviewPlace(parts, params)
  await requireNoAlarms(parts, run.id)
  const { root } = repository
  const target = await targetOf(repository, { into: null, commit: params.commit })
  const look = lookAtTarget(parts, repository, target)
  look.catch(() => {})
  const own = await parts.repositories.own(repository)
  const { candidates } = await candidatesOf(parts, own, run)
  const { state } = parts.kernel
  const compared = { run, repository, own, candidates }
  const here = decisionsOf(state, run.id, root)
  const after = wantedDecisions(state, run.id, root)
  await requireShown(compared, after, params.files)
  await requireUnchanged(compared, decisionChange(here, after).added, params.trees)
  const before = decisionsOf(state, run.id, target.name)
  const { message, person, dryRun, again = [], resolutions = [], command } = params
  const change = changeOf(here, before, after)
  return landDecisions(parts, {
    compared,
    target,
    look,
    undo,
    before,
    after,
    again,
    // An editor names again only what it was told to be missing.
    isGone: () => Promise.resolve(again.length > 0),
    change,
    replaced: replacedViews(decisionChange(before, after).removed, []),
    review: root,
    message,
    person,
    dryRun,
    resolutions,
    command,
  })
}

/** What changes both in the worktree and in the branch: what either lacks is added, what either has is removed. */
function changeOf(
  here: readonly Decision[],
  there: readonly Decision[],
  after: readonly Decision[],
): Pending {
  return {
    removed: decisionChange(sortDecisions([...here, ...there]), after).removed,
    added: decisionChange(decisionsKept(here, there), after).added,
  }
}
