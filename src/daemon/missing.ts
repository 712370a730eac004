import { enumerateCandidates } from '../adapters/git/diff/enumerate.ts'
import { writeTrees } from '../adapters/git/object/write.ts'
import type { Decision, Oid } from '../core/merge/change.ts'
import { compose } from '../core/merge/compose.ts'
import { missingRegions } from '../core/merge/missing.ts'
import { insideOf } from '../core/merge/region-index.ts'
import type { Review } from './reviews.ts'

/** The keys of the regions of which what landed in a worktree is not there any more; `ours` is its tree now. */
export async function missingIn(
  review: Review,
  landed: readonly Decision[],
  ours: Oid,
): Promise<Set<string>> {
  if (landed.length === 0) return new Set()
  const { own, run, read, regions } = review
  const [composed] = await writeTrees(own, run.base, [compose(landed, read)])
  if (composed === undefined || composed === ours) return new Set()
  const [target] = await enumerateCandidates(own, composed, [{ agent: 'target', tree: ours }])
  return missingRegions(
    regions.map(({ region }) => region),
    { landed, changes: target?.changes ?? [], read },
  )
}

/** Whether a tree has not got some of what landed and is named again. */
export async function isGone(
  review: Review,
  {
    landed,
    again,
    tree,
  }: { readonly landed: readonly Decision[]; readonly again: readonly Decision[]; readonly tree: Oid },
): Promise<boolean> {
  if (again.length === 0) return false
  const missing = await missingIn(review, landed, tree)
  const regions = review.regions.map(({ region }) => region).filter(({ key }) => missing.has(key))
  return again.some(insideOf(regions))
}
