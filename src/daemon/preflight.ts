import { changedPaths } from '../adapters/git/changed-paths.ts'
import { mergeTrees } from '../adapters/git/merge.ts'
import { writeTrees } from '../adapters/git/write.ts'
import { choose } from '../core/merge/choice.ts'
import type { Decision, Oid } from '../core/merge/change.ts'
import { compose } from '../core/merge/compose.ts'
import { decideRegions, exclusions } from '../core/merge/decision.ts'
import { directoriesOf } from '../core/merge/path-order.ts'
import type { Review } from './reviews.ts'

/**
 * Which variants land cleanly on `ours` now, as ids: those on paths that the target has not changed do, the others are
 * tried, all in one batch.
 */
export async function cleanVariants(
  review: Review,
  decided: readonly Decision[],
  ours: Oid,
): Promise<Set<string>> {
  const { own, run, read, candidates } = review
  const touched = touching(await changedPaths(own, run.base, ours))
  const clean = new Set<string>()
  const doubtful: { readonly id: string; readonly decisions: readonly Decision[] }[] = []
  for (const { id, region } of review.regions) {
    for (const { letter } of region.variants) {
      const variant = `${id}.${letter}`
      if (!touched(region.path)) clean.add(variant)
      else {
        const chosen = choose(region, letter, { id, read })
        if (!Array.isArray(chosen)) continue
        const decisions = decideRegions(decided, region, chosen)
        if (exclusions(decisions, candidates) === null) doubtful.push({ id: variant, decisions })
      }
    }
  }
  if (doubtful.length === 0) return clean
  const compositions = [decided, ...doubtful.map(({ decisions }) => decisions)].map((each) =>
    compose(each, read),
  )
  const [base, ...trees] = await writeTrees(own, run.base, compositions)
  const merges = trees.map(({ tree }) => ({ base: base?.tree ?? run.base, ours, theirs: tree }))
  const outcomes = await mergeTrees(own, merges)
  doubtful.forEach(({ id }, index) => outcomes[index]?.clean === true && clean.add(id))
  return clean
}

/** A test whether a path was changed, or stands above or below one that was. */
function touching(moved: ReadonlySet<string>): (path: string) => boolean {
  const above = new Set([...moved].flatMap(directoriesOf))
  return (path) =>
    moved.has(path) || above.has(path) || directoriesOf(path).some((directory) => moved.has(directory))
}
