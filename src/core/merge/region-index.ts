import { firstEndingFrom } from './atom.ts'
import type { Atom, Decision, TreePath, UnitKind } from './change.ts'
import { facetOf } from './facet.ts'
import type { RegionView, TextRegion } from './region-view.ts'

/** A test whether a decision lies inside one of the regions, quick for many of both. */
export function insideOf(regions: readonly RegionView[]): (decision: Decision) => boolean {
  const find = regionFinder(regions)
  return (decision) => find(decision) !== undefined
}

/** Finds the region that a decision lies inside; lines of a new file lie in a region of their own or in that of the file. */
export function regionFinder(regions: readonly RegionView[]): (decision: Decision) => RegionView | undefined {
  const units = new Map<string, RegionView>()
  // What is mixed into a new file stands and falls with it.
  const added = new Map<TreePath, RegionView>()
  const texts = new Map<string, TextRegion[]>()
  for (const region of regions) {
    if (region.kind !== 'text') {
      units.set(unitKey(region.kind, region.path), region)
      if (region.base === null) added.set(region.path, region)
      continue
    }
    const known = texts.get(fileKey(region.base.oid, region.path))
    if (known === undefined) texts.set(fileKey(region.base.oid, region.path), [region])
    else known.push(region)
  }
  for (const ofFile of texts.values())
    ofFile.sort((left, right) => left.start - right.start || left.end - right.end)
  return (decision) => {
    if (decision.kind === 'unit') return units.get(unitKey(decision.unit, decision.path))
    const ofFile = texts.get(fileKey(decision.base.oid, decision.path)) ?? []
    return firstAround(ofFile, decision.atom) ?? added.get(decision.path)
  }
}

/** The decisions inside each region; regions without any are left out. */
export function decisionsByRegion(
  decisions: readonly Decision[],
  regions: readonly RegionView[],
): ReadonlyMap<RegionView, readonly Decision[]> {
  const find = regionFinder(regions)
  const found = new Map<RegionView, Decision[]>()
  for (const decision of decisions) {
    const region = find(decision)
    if (region === undefined) continue
    const known = found.get(region)
    if (known === undefined) found.set(region, [decision])
    else known.push(decision)
  }
  return found
}

/** Whether an atom lies inside a region: it changes lines of it, or inserts between or beside them. */
export function isAround({ start, end, open }: TextRegion, atom: Atom): boolean {
  if (atom.start !== atom.end)
    return start === end ? atom.start < start && start < atom.end : atom.start < end && start < atom.end
  const isAfterStart = start < atom.start || (start === atom.start && open?.start !== true)
  return isAfterStart && (atom.start < end || (atom.start === end && open?.end !== true))
}

function unitKey(unit: UnitKind, path: TreePath): string {
  return `${facetOf(unit)} ${path}`
}

function fileKey(oid: string, path: string): string {
  return `${oid} ${path}`
}

/** The first of the regions in order that an atom lies inside. */
function firstAround(regions: readonly TextRegion[], atom: Atom): TextRegion | undefined {
  for (let at = firstEndingFrom(regions, atom.start); at < regions.length; at += 1) {
    const region = regions[at]
    if (region === undefined || region.start > atom.end) return undefined
    if (isAround(region, atom)) return region
  }
  return undefined
}
