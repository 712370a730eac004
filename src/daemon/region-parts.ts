import type { Outlined, Outlines } from '../adapters/syntax/outlines.ts'
import { firstPart, type NamedPart, partAround } from '../core/language/outline.ts'
import type { TextRegion } from '../core/merge/region-view.ts'
import { blobId } from './blob-id.ts'
import type { Review } from './reviews.ts'

/**
 * The function, class or other named part of the base that each text region lies in, by the region's key; of an insertion
 * outside all of them the one that it adds. What is not found within a moment is left out and found for the next time.
 */
export async function partsOfRegions(
  outlines: Outlines,
  review: Pick<Review, 'regions' | 'read' | 'own'>,
): Promise<ReadonlyMap<string, NamedPart>> {
  const texts = review.regions.flatMap(({ region }) => (region.kind === 'text' ? [region] : []))
  const bases = new Map(texts.map((region) => [region.base.oid + region.path, baseOf(region, review)]))
  await outlines.find([...bases.values()])
  const found = new Map<string, NamedPart>()
  const added: (readonly [TextRegion, Outlined])[] = []
  for (const region of texts) {
    const outline = outlines.of({ blob: region.base.oid, path: region.path }) ?? []
    const part = partAround(outline, region.start, region.end)
    const made = region.start === region.end ? region.variants[0] : undefined
    if (part !== null) found.set(region.key, part)
    else if (made !== undefined)
      added.push([region, outlinedOf(made.text, region.path, review.own.objectFormat)])
  }
  await outlines.find(added.map(([, text]) => text))
  for (const [{ key, start, end }, text] of added) {
    const part = firstPart(outlines.of(text) ?? [])
    if (part !== null) found.set(key, { name: part.name, start, end })
  }
  return found
}

function baseOf({ base, path }: TextRegion, { read }: Pick<Review, 'read'>): Outlined {
  return { blob: base.oid, path, text: read(base) }
}

function outlinedOf(text: string, path: string, objectFormat: 'sha1' | 'sha256'): Outlined {
  return { blob: blobId(text, objectFormat), path, text }
}
