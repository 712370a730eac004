import { packed } from '../../adapters/bridge/packed.ts'
import { findBlobs } from '../../adapters/git/object/blob.ts'
import { actsOf } from '../../core/acts.ts'
import { captureWarnings } from '../../core/agent/outside.ts'
import { commentsOf } from '../../core/comment.ts'
import { keptOf } from '../../core/kept.ts'
import { decisionsOf, pendingOf, wantedDecisions } from '../../core/landing.ts'
import { limit } from '../../core/limit.ts'
import { isStale } from '../../core/merge/stale.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results, ReviewAnswer, ReviewRegion } from '../../core/protocol/results.ts'
import { alarmWarnings } from '../alarm.ts'
import { type Known, knownOf } from '../known.ts'
import type { Parts } from '../parts.ts'
import { snapshotOfPerson } from '../person-tree.ts'
import { reviewPlace } from '../review-place.ts'
import type { NumberedRegion } from '../reviews.ts'
import { taskOf } from '../task.ts'
import { subjectOf } from './look.ts'

/** A run's comparison in the engine's own words, with what has landed in the person's worktree and what is pending for it. */
export async function review(parts: Parts, params: PersonParams['review']): Promise<Results['review']> {
  const { run, repository } = await reviewPlace(parts, params)
  const { root: target } = repository
  const [found, ours] = await Promise.all([
    parts.reviews.review(run.id, (state) => wantedDecisions(state, run.id, target)),
    parts.repositories.own(repository).then((own) => snapshotOfPerson(parts, repository, own)),
  ])
  const landed = decisionsOf(found.state, run.id, target)
  const known = await knownOf(parts, found, { ours: ours.tree, landed, decided: landed })
  return packed<ReviewAnswer>({
    run: run.id,
    task: taskOf(parts.store, run),
    base: run.base,
    target,
    ours: ours.tree,
    objectFormat: found.own.objectFormat,
    candidates: found.candidates.map(({ agent, tree }) => ({ agent, tree })),
    regions: found.regions.map((each) => regionOf(each, known, actsOf(each.region, found.read))),
    landed,
    pending: pendingOf(found.state, run.id, target),
    kept: keptOf(found.state, run.id, target),
    comments: commentsOf(found.state, run.id, target),
    warnings: [...captureWarnings(found.run), ...found.problems, ...(await alarmWarnings(parts, found.run))],
  })
}

function regionOf(
  { id, region }: NumberedRegion,
  { clean, named, missing, drivers, alike }: Known,
  acts: string | null,
): ReviewRegion {
  const { key, path } = region
  return {
    id,
    region,
    clean: region.variants.map(({ letter }) => letter).filter((letter) => clean.has(`${id}.${letter}`)),
    ...(alike.has(key) ? { alike: alike.get(key) ?? [] } : {}),
    ...(named.has(key) ? { part: named.get(key) } : {}),
    stale: isStale(region),
    ...(missing.has(key) ? { missing: true } : {}),
    ...(acts === null ? {} : { acts }),
    ...(drivers.has(path) ? { mergeDriver: drivers.get(path) } : {}),
  }
}

/** Texts by their names, as they are stored: nothing is compared for them; null for what is no text here. */
export async function texts(parts: Parts, params: PersonParams['texts']): Promise<Results['texts']> {
  const { run } = await subjectOf(parts, params)
  const own = await parts.repositories.own(await parts.repositories.ofRecord(run.repository))
  const found = await findBlobs(own, params.blobs, limit.textsBytes)
  return {
    texts: params.blobs.map((name) => {
      const text = found.get(name)
      return { blob: name, bytes: text === undefined ? null : Buffer.from(text, 'latin1') }
    }),
  }
}
