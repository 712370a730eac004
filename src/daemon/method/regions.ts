import { findBlobs } from '../../adapters/git/object/blob.ts'
import { currentBranch } from '../../adapters/git/repository/facts.ts'
import { patchOf } from '../../adapters/git/diff/patch-text.ts'
import { captureWarnings } from '../../core/agent/outside.ts'
import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import { decisionsOf } from '../../core/landing.ts'
import { limit } from '../../core/limit.ts'
import type { ByteString } from '../../core/merge/change.ts'
import { goingWith } from '../../core/merge/decision.ts'
import { sortDecisions } from '../../core/merge/decision-order.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { alarmWarnings } from '../alarm.ts'
import { captureNow, noteCapture } from '../candidates.ts'
import { type Known, knownOf } from '../known.ts'
import type { Parts } from '../parts.ts'
import { regionViews } from '../review-view.ts'
import { findAgent } from '../subject.ts'
import { snapshotOfPerson } from '../person-tree.ts'
import { subjectOf } from './look.ts'

/** A run's comparison; texts by blob id, with `full` inline. */
export async function regions(parts: Parts, params: PersonParams['regions']): Promise<Results['regions']> {
  const { run } = await subjectOf(parts, params)
  const review = await parts.reviews.review(
    run.id,
    (state) => decisionsOf(state, run.id, null),
    params.without,
  )
  const ours = await snapshotOfPerson(parts, review.repository, review.own)
  const state = parts.kernel.stateWith(run.id)
  const landed = decisionsOf(state, run.id, review.repository.root)
  const branch = await currentBranch(review.repository)
  const committed = branch === null ? [] : decisionsOf(state, run.id, `refs/heads/${branch}`)
  const decided = sortDecisions([...landed, ...goingWith(landed, committed)])
  const known = await knownOf(parts, review, { ours: ours.tree, landed, decided })
  const { views } = regionViews(review, known, params.full)
  const altered = await alarmWarnings(parts, review.run)
  const warnings = [...captureWarnings(review.run), ...review.problems, ...altered]
  return { run: run.id, base: run.base, regions: views, warnings }
}

/** A text that a comparison named, whole: a part of a file is stored nowhere and is found in the comparison itself. */
export async function blob(parts: Parts, params: PersonParams['blob']): Promise<Results['blob']> {
  const { run } = await subjectOf(parts, params)
  const own = await parts.repositories.own(await parts.repositories.ofRecord(run.repository))
  const stored = await findBlobs(own, [params.blob], limit.uploadBytes)
  const text = stored.get(params.blob) ?? (await shownTexts(parts, run.id)).get(params.blob)
  if (text === undefined)
    throw new KageError('KAGE_REGION_UNKNOWN', `No text ${params.blob} is part of ${run.id}.`)
  return { bytes: Buffer.from(text, 'latin1') }
}

const nothingKnown: Known = {
  clean: new Set(),
  named: new Map(),
  missing: new Set(),
  drivers: new Map(),
  alike: new Map(),
}

async function shownTexts(parts: Parts, run: string): Promise<ReadonlyMap<string, ByteString>> {
  const review = await parts.reviews.review(run, (state) => decisionsOf(state, run, null))
  return regionViews(review, nothingKnown, false).texts
}

/** What an agent changed, as an ordinary git patch. */
export async function diff(parts: Parts, params: PersonParams['diff']): Promise<Results['diff']> {
  const subject = await subjectOf(parts, params)
  const { run, agent } = findAgent(
    parts.kernel,
    null,
    subject.agent === null ? subject.run.id : agentId(subject.run.id, subject.agent.name),
  )
  const repository = await parts.repositories.ofRecord(run.repository)
  const own = await parts.repositories.own(repository)
  const now = await captureNow(own, run, agent)
  await noteCapture(parts, own, run, agent.name, now)
  const capture = now ?? agent.capture
  if (capture === null)
    throw new KageError('KAGE_CANDIDATE_MISSING', `${agentId(run.id, agent.name)} is ${agent.status}.`)
  return { patch: await patchOf(own, run.base, capture.tree) }
}
