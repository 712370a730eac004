import { findBlobs } from '../../adapters/git/blob.ts'
import { mergeDrivers } from '../../adapters/git/merge-driver.ts'
import { decisionsOf, pendingOf, wantedDecisions } from '../../core/landing.ts'
import { limit } from '../../core/limit.ts'
import { likenesses } from '../../core/merge/likeness.ts'
import { isStale } from '../../core/merge/stale.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { alarms } from '../alarm.ts'
import { missingIn } from '../missing.ts'
import type { Parts } from '../parts.ts'
import { snapshotOfPerson } from '../person-tree.ts'
import { cleanVariants } from '../preflight.ts'
import { partsOfRegions } from '../region-parts.ts'
import { reviewPlace } from '../review-place.ts'
import type { Review } from '../reviews.ts'
import { pathsOf } from '../review-view.ts'
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
  const alike = likenessesOf(found)
  const [clean, named, missing, drivers] = await Promise.all([
    cleanVariants(found, landed, ours.tree),
    partsOfRegions(parts.outlines, found),
    missingIn(found, landed, ours.tree),
    mergeDrivers(repository, pathsOf(found)),
  ])
  return {
    run: run.id,
    task: taskOf(parts.store, run),
    base: run.base,
    target,
    ours: ours.tree,
    objectFormat: found.own.objectFormat,
    candidates: found.candidates.map(({ agent, tree }) => ({ agent, tree })),
    regions: found.regions.map(({ id, region }) => ({
      id,
      region,
      clean: region.variants.map(({ letter }) => letter).filter((letter) => clean.has(`${id}.${letter}`)),
      ...(alike.has(region.key) ? { alike: alike.get(region.key) ?? [] } : {}),
      ...(named.has(region.key) ? { part: named.get(region.key) } : {}),
      stale: isStale(region),
      ...(missing.has(region.key) ? { missing: true } : {}),
      ...(drivers.has(region.path) ? { mergeDriver: drivers.get(region.path) } : {}),
    })),
    landed,
    pending: pendingOf(found.state, run.id, target),
    warnings: await alarms(parts.kernel, found.run, found.repository),
  }
}

/** What is alike in a review; it is found once for the same regions. */
function likenessesOf({ regions, read }: Review): ReturnType<typeof likenesses> {
  const views = regions.map(({ region }) => region)
  const alike = knownLikenesses.get(regions) ?? likenesses(views, read)
  knownLikenesses.set(regions, alike)
  return alike
}

const knownLikenesses = new WeakMap<Review['regions'], ReturnType<typeof likenesses>>()

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
