// What has landed may be thrown away again by the person: a checkout of the file, an edit. It is missing where the target has
// what was there without it; where they made something else of it, it is not.
import { limit } from '../limit.ts'
import type { AtomDecision, ByteString, Change, Decision, Entry, TreePath, UnitDecision } from './change.ts'
import { facetOf } from './facet.ts'
import { mergeTexts, textOfParts } from './merge-text.ts'
import { decisionsByRegion } from './region-index.ts'
import type { RegionView } from './region-view.ts'
import { reversedAtoms } from './reverse.ts'
import { splice } from './splice.ts'

/** What is known of a target: what has landed there, and how it differs from the base with just that. */
export interface LandedTarget {
  readonly landed: readonly Decision[]
  readonly changes: readonly Change[]
  readonly read: (entry: Entry) => ByteString
}

/** The keys of the regions of which all that landed has been thrown away since. */
export function missingRegions(regions: readonly RegionView[], target: LandedTarget): Set<string> {
  const { landed, changes } = target
  const missing = new Set<string>()
  if (landed.length === 0 || changes.length === 0) return missing
  const moves = movesOf(landed)
  const changedPaths = new Set(changes.map(({ path }) => path))
  for (const [region, inside] of decisionsByRegion(landed, regions)) {
    const place = moves.get(region.path) ?? region.path
    if (!changedPaths.has(place)) continue
    const there = changes.filter(({ path }) => path === place)
    if (isMissing(inside, { ...target, there })) missing.add(region.key)
  }
  return missing
}

/** Where files of the base lie that have landed at another path. */
function movesOf(landed: readonly Decision[]): ReadonlyMap<TreePath, TreePath> {
  return new Map(
    landed.flatMap((each) =>
      each.kind === 'unit' && facetOf(each.unit) === 'path' && each.to !== undefined
        ? [[each.path, each.to] as const]
        : [],
    ),
  )
}

interface There extends LandedTarget {
  readonly there: readonly Change[]
}

function isMissing(inside: readonly Decision[], there: There): boolean {
  const units = inside.filter((decision) => decision.kind === 'unit')
  if (units.length > 0) return units.every((decision) => isUnitMissing(decision, there.there))
  const atoms = inside.filter((decision) => decision.kind === 'atom')
  const [first] = atoms
  return first !== undefined && isTextMissing(atoms, first, there)
}

function isTextMissing(
  inside: readonly AtomDecision[],
  { path, base }: AtomDecision,
  { landed, there, read }: There,
): boolean {
  if (there.some((change) => change.kind === 'unit' && change.entry === null)) return true
  const change = there.find((each) => each.kind === 'text')
  if (change === undefined) return false
  const all = landed.flatMap((each) =>
    each.kind === 'atom' && each.path === path && each.base.oid === base.oid ? [each.atom] : [],
  )
  const text = read(base)
  // Each region costs a merge of the whole text.
  if (text.length > limit.histogramBytes) return false
  const whole = splice(text, all)
  const back = reversedAtoms(text, all, new Set(inside.map(({ atom }) => atom)))
  const merged = textOfParts(mergeTexts(whole, change.atoms, back), () => null)
  return merged === splice(whole, change.atoms)
}

function isUnitMissing({ unit, path, base }: UnitDecision, there: readonly Change[]): boolean {
  if (unit === 'rename') return there.some((each) => each.kind === 'unit' && each.to === path)
  const facet = facetOf(unit)
  const change = there.find((each) => (each.kind === 'text' ? 'content' : facetOf(each.unit)) === facet)
  if (change === undefined) return false
  const now = change.entry
  if (base === null || now === null) return base === now
  return facet === 'mode' ? now.mode === base.mode : now.oid === base.oid && now.mode === base.mode
}
