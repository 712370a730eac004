// What a file of the base becomes is decided in up to three ways beside each other: its path, its mode, its content. With
// `old.txt` renamed by one agent, made executable by another and edited by a third, all three hold in `new.txt`.
import type { TreePath, UnitChange, UnitDecision, UnitKind } from './change.ts'

/** What of a file a unit changes; what settles the file whole (a removal, another type) counts as its content. */
export type Facet = 'path' | 'mode' | 'content'

/** The facet that a kind of unit changes. */
export function facetOf(unit: UnitKind): Facet {
  if (unit === 'rename') return 'path'
  return unit === 'mode' ? 'mode' : 'content'
}

/** What a unit results in, as a text to compare. */
export function resultOf({
  entry,
  to,
}: Pick<UnitChange, 'entry'> & { readonly to?: TreePath | undefined }): string {
  return entry === null ? '' : `${entry.mode} ${entry.oid} ${to ?? ''}`
}

/** The unit among decisions for one path that decides a facet; a path has one of each. */
export function decidedFacet(units: readonly UnitDecision[], facet: Facet): UnitDecision | null {
  return units.find(({ unit }) => facetOf(unit) === facet) ?? null
}
