import { mergeDrivers } from '../adapters/git/repository/merge-driver.ts'
import type { NamedPart } from '../core/language/outline.ts'
import type { Decision, Oid } from '../core/merge/change.ts'
import { likenesses } from '../core/merge/likeness.ts'
import { missingIn } from './missing.ts'
import type { Parts } from './parts.ts'
import { cleanVariants } from './preflight.ts'
import { partsOfRegions } from './region-parts.ts'
import type { Review } from './reviews.ts'

/** What is known of the regions of a review beside what they are; by region's key where nothing else is said. */
export interface Known {
  /** Variants that land on the person's worktree as it is now, by their ids. */
  readonly clean: ReadonlySet<string>
  /** Functions and other named parts around them. */
  readonly named: ReadonlyMap<string, NamedPart>
  /** Those of which what landed in the worktree is not there any more. */
  readonly missing: ReadonlySet<string>
  /** By path, the driver that git itself would merge the file by. */
  readonly drivers: ReadonlyMap<string, string>
  /** Letters of variants that differ only in blanks and comments. */
  readonly alike: ReadonlyMap<string, string[][]>
}

/** Finds out what is known: `ours` is the tree of the person's worktree, `landed` what has landed there, `decided` what variants are tried on. */
export async function knownOf(
  parts: Parts,
  review: Review,
  {
    ours,
    landed,
    decided,
  }: Readonly<Record<'landed' | 'decided', readonly Decision[]>> & { readonly ours: Oid },
): Promise<Known> {
  const paths = [...new Set(review.regions.map(({ region }) => region.path))]
  const [clean, named, missing, drivers] = await Promise.all([
    cleanVariants(review, decided, ours),
    partsOfRegions(parts.outlines, review),
    missingIn(review, landed, ours),
    mergeDrivers(review.repository, paths),
  ])
  return { clean, named, missing, drivers, alike: likenessesOf(review) }
}

/** What is alike in a review; it is found once for the same regions. */
function likenessesOf({ regions, read }: Review): Known['alike'] {
  const views = regions.map(({ region }) => region)
  const alike = knownLikenesses.get(regions) ?? likenesses(views, read)
  knownLikenesses.set(regions, alike)
  return alike
}

const knownLikenesses = new WeakMap<Review['regions'], Known['alike']>()
