// What has landed may be thrown away again by the person: a checkout of the file, an edit. It is missing where the target has
// what was there without it; where they made something else of it, it is not.
import type { AtomDecision, ByteString, Change, Decision, Entry, TreePath, UnitDecision } from './change.ts'
import { facetOf } from './facet.ts'
import { mergeTexts, textOfParts } from './merge-text.ts'
import { insideOf } from './region-index.ts'
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
  const changedPaths = new Set(changes.map(({ path }) => path))
  for (const region of regions) {
    const place = placeOf(region.path, landed)
    if (!changedPaths.has(place)) continue
    const inside = landed.filter(insideOf([region]))
    const there = changes.filter(({ path }) => path === place)
    if (inside.length > 0 && isMissing(inside, { ...target, there })) missing.add(region.key)
  }
  return missing
}

/** Where a file of the base lies with what has landed. */
function placeOf(path: TreePath, landed: readonly Decision[]): TreePath {
  const move = landed.find(
    (each) => each.kind === 'unit' && each.path === path && facetOf(each.unit) === 'path',
  )
  return move?.kind === 'unit' ? (move.to ?? path) : path
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
