import { wantedOf } from '../../core/landing.ts'
import { isMixable } from '../../core/merge/facet.ts'
import type { TextRegion, VariantView } from '../../core/merge/region-view.ts'
import type { Review } from './model.ts'

/**
 * Whether a new file that several made is decided, or not any more, since the regions were formed: what the others have at its
 * lines is to be asked for anew.
 */
export function isMixOld({ answered, landed, pending }: Review): boolean {
  const made = new Set<string>()
  for (const { region } of answered) {
    if (region.kind === 'text' || region.base !== null) continue
    const texts = region.variants.filter((variant) => isMixable({ ...variant, base: null }))
    if (new Set(texts.map(({ entry }) => entry?.oid)).size > 1) made.add(region.path)
  }
  if (made.size === 0) return false
  const wanted = wantedOf({ landed, pending }).flatMap((each) =>
    each.kind === 'unit' && isMixable(each) && made.has(each.path) ? [`${each.path} ${each.entry?.oid}`] : [],
  )
  const shown = answered.flatMap(({ region }) =>
    region.kind === 'text' && made.has(region.path) ? [`${region.path} ${region.base.oid}`] : [],
  )
  return wanted.some((each) => !shown.includes(each)) || shown.some((each) => !wanted.includes(each))
}

/** The variant of a new file whose lines a region is about, or null where it is about a file of the base. */
export function fileAround({ answered }: Review, { path, base }: TextRegion): VariantView | null {
  const file = answered.find(({ region }) => region.path === path && region.base === null)?.region
  if (file === undefined || file.kind === 'text') return null
  return file.variants.find(({ entry }) => entry?.oid === base.oid) ?? null
}
