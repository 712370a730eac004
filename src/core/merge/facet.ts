// What a file of the base becomes is decided in up to three ways beside each other: its path, its mode, its content. With
// `old.txt` renamed by one agent, made executable by another and edited by a third, all three hold in `new.txt`.
import type { ByteString, TreePath, UnitChange, UnitDecision, UnitKind } from './change.ts'

/** What of a file a unit changes; what settles the file whole (a removal, another type) counts as its content. */
export type Facet = 'path' | 'mode' | 'content'

/** The facet that a kind of unit changes. */
export function facetOf(unit: UnitKind): Facet {
  if (unit === 'rename') return 'path'
  return unit === 'mode' ? 'mode' : 'content'
}

/** Whether a unit is a new text file, as an agent made it: what others made of the same file can be mixed into it. */
export function isMixable({ unit, entry, base, content }: MixablePart): boolean {
  return unit === 'add' && base === null && content === undefined && entry?.mode.startsWith('100') === true
}

type MixablePart = Pick<UnitDecision, 'unit' | 'entry' | 'base'> & {
  readonly content?: ByteString | undefined
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
