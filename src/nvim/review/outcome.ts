import { overlapIn, sortAtoms } from '../../core/merge/atom.ts'
import type { Atom, ByteString, Decision } from '../../core/merge/change.ts'
import { facetOf, resultOf } from '../../core/merge/facet.ts'
import { lineTable } from '../../core/merge/lines.ts'
import { isAround } from '../../core/merge/region-index.ts'
import type { RegionView, TextRegion, UnitRegion } from '../../core/merge/region-view.ts'
import { spliceLines } from '../../core/merge/splice.ts'
import type { ReviewRegion } from '../../core/protocol/results.ts'

/**
 * What has become of a region: nothing yet, the base on purpose, one of its variants, or something of the person's own; and
 * whether that is still to be landed.
 */
export type Outcome = { readonly toLand: boolean } & (
  | { readonly kind: 'open' | 'base' | 'own' }
  | { readonly kind: 'variant'; readonly letter: string }
)

/** What the decisions inside a region come to; without any it is open, unless the person keeps the base. */
export function outcomeOf(
  region: RegionView,
  inside: readonly Decision[],
  { keepsBase, toLand }: { readonly keepsBase: boolean; readonly toLand: boolean },
): Outcome {
  if (inside.length === 0) return { kind: keepsBase ? 'base' : 'open', toLand }
  const letter = region.kind === 'text' ? decidedText(region, atomsOf(inside)) : decidedUnit(region, inside)
  return letter === null ? { kind: 'own', toLand } : { kind: 'variant', letter, toLand }
}

/** The decisions inside each region, by the region's key; regions where nothing is decided are left out. */
export function decisionsByRegion(
  regions: readonly ReviewRegion[],
  decisions: readonly Decision[],
): ReadonlyMap<string, readonly Decision[]> {
  const byPlace = new Map<string, Decision[]>()
  for (const decision of decisions) push(byPlace, placeOfDecision(decision), decision)
  const found = new Map<string, Decision[]>()
  if (byPlace.size === 0) return found
  for (const { region } of regions) {
    for (const decision of byPlace.get(placeOfRegion(region)) ?? []) {
      if (decision.kind === 'unit' || touches(region, decision.atom)) push(found, region.key, decision)
    }
  }
  return found
}

/** What atoms of a region make of its lines, or null where they do not go together or reach beyond it. */
export function textOf(region: TextRegion, atoms: readonly Atom[]): ByteString | null {
  const sorted = sortAtoms(atoms)
  const beyond = sorted.some(({ start, end }) => start < region.start || end > region.end)
  if (beyond || overlapIn(sorted) !== null) return null
  const { start, end, baseText } = region
  const inside = sorted.map((atom) => ({ ...atom, start: atom.start - start, end: atom.end - start }))
  return spliceLines(lineTable(baseText), 0, end - start, inside)
}

/** The atoms among decisions. */
export function atomsOf(decisions: readonly Decision[]): Atom[] {
  return decisions.flatMap((decision) => (decision.kind === 'atom' ? [decision.atom] : []))
}

function decidedText(region: TextRegion, atoms: readonly Atom[]): string | null {
  const text = textOf(region, atoms)
  return text === null ? null : (region.variants.find((variant) => variant.text === text)?.letter ?? null)
}

function decidedUnit(region: UnitRegion, inside: readonly Decision[]): string | null {
  const [decision] = inside
  if (inside.length !== 1 || decision?.kind !== 'unit' || decision.content !== undefined) return null
  return region.variants.find((variant) => resultOf(variant) === resultOf(decision))?.letter ?? null
}

function touches(region: RegionView, atom: Atom): boolean {
  return region.kind === 'text' && isAround(region, atom)
}

function placeOfDecision(decision: Decision): string {
  return decision.kind === 'unit'
    ? `${facetOf(decision.unit)} ${decision.path}`
    : `${decision.base.oid} ${decision.path}`
}

function placeOfRegion(region: RegionView): string {
  const known = places.get(region)
  if (known !== undefined) return known
  const place =
    region.kind === 'text' ? `${region.base.oid} ${region.path}` : `${facetOf(region.kind)} ${region.path}`
  places.set(region, place)
  return place
}

const places = new WeakMap<RegionView, string>()

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [item])
  else known.push(item)
}
