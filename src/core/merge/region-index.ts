import type { Decision, TreePath, UnitKind } from './change.ts'
import { facetOf } from './facet.ts'
import type { RegionView, TextRegion } from './region-view.ts'

/** A test whether a decision lies inside one of the regions, quick for many of both. */
export function insideOf(regions: readonly RegionView[]): (decision: Decision) => boolean {
  const units = new Set(
    regions.flatMap((region) => (region.kind === 'text' ? [] : [unitKey(region.kind, region.path)])),
  )
  // What is mixed into a new file stands and falls with it.
  const added = new Set(
    regions.flatMap(({ kind, path, base }) => (kind !== 'text' && base === null ? [path] : [])),
  )
  const texts = new Map<string, TextRegion[]>()
  for (const region of regions) {
    if (region.kind !== 'text') continue
    const known = texts.get(fileKey(region.base.oid, region.path))
    if (known === undefined) texts.set(fileKey(region.base.oid, region.path), [region])
    else known.push(region)
  }
  for (const ofFile of texts.values()) ofFile.sort((left, right) => left.start - right.start)
  return (decision) => {
    if (decision.kind === 'unit') return units.has(unitKey(decision.unit, decision.path))
    if (added.has(decision.path)) return true
    const { start, end } = decision.atom
    const candidate = firstEndingFrom(texts.get(fileKey(decision.base.oid, decision.path)) ?? [], start)
    return candidate !== undefined && candidate.start <= end
  }
}

function unitKey(unit: UnitKind, path: TreePath): string {
  return `${facetOf(unit)} ${path}`
}

function fileKey(oid: string, path: string): string {
  return `${oid} ${path}`
}

/** The first of the regions in order that ends at or after a line. */
function firstEndingFrom(regions: readonly TextRegion[], line: number): TextRegion | undefined {
  let low = 0
  let high = regions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((regions[middle]?.end ?? 0) < line) low = middle + 1
    else high = middle
  }
  return regions[low]
}
