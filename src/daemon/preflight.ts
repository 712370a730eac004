import { changedPaths } from '../adapters/git/diff/changed-paths.ts'
import { mergeTrees } from '../adapters/git/merge/merge.ts'
import { writeTrees } from '../adapters/git/object/write.ts'
import { takeLetter } from '../core/merge/choice.ts'
import type { Decision, Oid, TreePath } from '../core/merge/change.ts'
import { compose } from '../core/merge/compose.ts'
import { decideRegions, exclusions } from '../core/merge/decision.ts'
import { directoriesOf } from '../core/merge/path-order.ts'
import type { RegionView, UnitRegion } from '../core/merge/region-view.ts'
import { cleanTexts, type TextTry } from './preflight-text.ts'
import type { Review } from './reviews.ts'

/**
 * Which variants land cleanly on `ours` now, as ids: those on paths that the target has not changed do, the others are
 * tried; of texts many at once, of what is taken whole each alone.
 */
export async function cleanVariants(
  review: Review,
  decided: readonly Decision[],
  ours: Oid,
): Promise<Set<string>> {
  const { own, run } = review
  const touched = touching(await changedPaths(own, run.base, ours))
  const around = filesAround(review, decided)
  const tried = (region: RegionView, chosen: readonly Decision[]): Decision[] => {
    const [file = region, whole = []] = around.get(region) ?? []
    return decideRegions(decided, file, [...whole, ...chosen], decided)
  }
  const clean = new Set<string>()
  const texts: TextTry[] = []
  const units: UnitTry[] = []
  for (const { id, region } of review.regions) {
    for (const { letter } of region.variants) {
      const variant = `${id}.${letter}`
      const chosen = placesOf(region).some(touched) ? takeLetter(region, letter) : null
      if (chosen === null) clean.add(variant)
      else if (region.kind === 'text' && !around.has(region))
        texts.push({ id: variant, letter, region, chosen })
      else units.push({ id: variant, decisions: tried(region, chosen) })
    }
  }
  for (const id of await cleanTexts(review, { decided, ours, tries: texts })) clean.add(id)
  for (const id of await cleanUnits(review, { decided, ours, tries: units })) clean.add(id)
  return clean
}

/** For lines of a new file that is wanted and is not decided here as it is wanted: that file, and what takes it. */
function filesAround(
  { regions }: Review,
  decided: readonly Decision[],
): Map<RegionView, readonly [RegionView, readonly Decision[]]> {
  const here = new Set(
    decided.flatMap((each) => (each.kind === 'unit' ? [`${each.path} ${each.entry?.oid}`] : [])),
  )
  const files = new Map<TreePath, UnitRegion>()
  for (const { region } of regions)
    if (region.kind !== 'text' && region.base === null) files.set(region.path, region)
  return new Map(
    regions.flatMap(({ region }) => {
      const file = files.get(region.path)
      if (region.kind !== 'text' || file === undefined || here.has(`${region.path} ${region.base.oid}`))
        return []
      return [[region, [file, file.decided.filter(({ entry }) => entry?.oid === region.base.oid)]]]
    }),
  )
}

/** The paths that a region is about: its own, and those that its file is moved to. */
function placesOf({ path, kind, variants }: RegionView): TreePath[] {
  return kind === 'text' ? [path] : [path, ...variants.flatMap(({ to }) => to ?? [])]
}

interface UnitTry {
  readonly id: string
  readonly decisions: readonly Decision[]
}

async function cleanUnits(
  { own, run, read, candidates }: Review,
  { decided, ours, tries }: { decided: readonly Decision[]; ours: Oid; tries: readonly UnitTry[] },
): Promise<string[]> {
  const possible = tries.filter(({ decisions }) => exclusions(decisions, candidates) === null)
  if (possible.length === 0) return []
  const wanted = [decided, ...possible.map(({ decisions }) => decisions)]
  const [base, ...trees] = await writeTrees(
    own,
    run.base,
    wanted.map((each) => compose(each, read)),
  )
  const merges = trees.map((theirs) => ({ base: base ?? run.base, ours, theirs }))
  const outcomes = await mergeTrees(own, merges)
  return possible.filter((_, index) => outcomes[index]?.clean === true).map(({ id }) => id)
}

/** A test whether a path was changed, or stands above or below one that was. */
function touching(moved: ReadonlySet<string>): (path: string) => boolean {
  const above = new Set([...moved].flatMap(directoriesOf))
  return (path) =>
    moved.has(path) || above.has(path) || directoriesOf(path).some((directory) => moved.has(directory))
}
