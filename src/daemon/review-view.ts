import { actsOf } from '../core/acts.ts'
import { limit } from '../core/limit.ts'
import type { ByteString, TreePath } from '../core/merge/change.ts'
import { pathToWire } from '../core/merge/path.ts'
import type { TextRegion, UnitRegion } from '../core/merge/region-view.ts'
import { isStale } from '../core/merge/stale.ts'
import { textToWire } from '../core/merge/wire.ts'
import type { RegionView, VariantView } from '../core/protocol/results.ts'
import { blobId } from './blob-id.ts'
import type { Known } from './known.ts'
import type { NumberedRegion, Review } from './reviews.ts'

/** A review for the outside: regions with their variants, texts by their ids or, with `full`, inline as far as one answer can hold them. */
export function regionViews(
  review: Review,
  { clean, named, missing, drivers, alike }: Known,
  full: boolean,
): { readonly views: RegionView[]; readonly texts: ReadonlyMap<string, ByteString> } {
  const texts = new Map<string, ByteString>()
  let room = full ? limit.inlineBytes : 0
  const fits: Fits = (text) => {
    if (text.length > room) return false
    room -= text.length
    return full
  }
  const added = review.regions.filter(({ region }) => region.kind !== 'text' && region.base === null)
  const files = new Map(added.map((each) => [each.region.path, each]))
  const views = review.regions.map(({ id, region }) => {
    const face = { id, ...placeOf(region), kind: region.kind }
    const keep = (text: ByteString): string => {
      const blob = blobId(text, review.own.objectFormat)
      texts.set(blob, text)
      return blob
    }
    const parts =
      region.kind === 'text' ? textParts(id, region, keep, fits) : unitParts(id, region, review, keep, fits)
    const variants = parts.variants.map((variant) => ({ ...variant, clean: clean.has(variant.id) }))
    const part = named.get(region.key)
    const name = part === undefined ? {} : { name: part.name }
    const like = (alike.get(region.key) ?? []).map((letters) => letters.map((letter) => `${id}.${letter}`))
    return {
      ...face,
      ...parts,
      ...name,
      ...withinOf(files, region),
      variants,
      ...(like.length === 0 ? {} : { alike: like }),
      ...(isStale(region) ? { stale: true } : {}),
      ...(missing.has(region.key) ? { missing: true } : {}),
      ...(drivers.has(region.path) ? { mergeDriver: drivers.get(region.path) } : {}),
      ...reasonOf(region),
      ...actsIn(region, review),
    }
  })
  return { views, texts }
}

/** What makes tools act once it lands. */
function actsIn(region: NumberedRegion['region'], { read }: Pick<Review, 'read'>): Pick<RegionView, 'acts'> {
  const acts = actsOf(region, read)
  return acts === null ? {} : { acts }
}

/** Why a text is taken or left whole. */
function reasonOf(region: NumberedRegion['region']): Pick<RegionView, 'reason'> {
  const reason =
    region.kind === 'text' ? undefined : region.variants.find((each) => each.reason !== undefined)?.reason
  return reason === undefined ? {} : { reason }
}

/** The variant of a new file that a text region is about. */
function withinOf(
  files: ReadonlyMap<TreePath, NumberedRegion>,
  region: NumberedRegion['region'],
): Pick<RegionView, 'within'> {
  const file = region.kind === 'text' ? files.get(region.path) : undefined
  if (file === undefined || file.region.kind === 'text') return {}
  const variant = file.region.variants.find(({ entry }) => entry?.oid === region.base?.oid)
  return variant === undefined ? {} : { within: `${file.id}.${variant.letter}` }
}

/** Where a region's file lies: a renamed one at its new path, `from` its path in the base. */
function placeOf(region: Review['regions'][number]['region']): Place {
  const to = region.kind === 'rename' ? (region.variants[0] ?? region.decided[0])?.to : undefined
  if (to === undefined) return { ...pathToWire(region.path), from: null }
  const { path: from, pathEncoding } = pathToWire(region.path)
  return { ...pathToWire(to), from, ...(pathEncoding === undefined ? {} : { fromEncoding: pathEncoding }) }
}

type Place = Pick<RegionView, 'path' | 'pathEncoding' | 'from' | 'fromEncoding'>

type Parts = Pick<RegionView, 'lines' | 'base' | 'baseText' | 'baseEncoding'> & {
  readonly variants: readonly Omit<VariantView, 'clean'>[]
}

/** Whether a text is to stand in the answer itself. */
type Fits = (text: ByteString) => boolean

function textParts(id: string, region: TextRegion, keep: (text: ByteString) => string, fits: Fits): Parts {
  return {
    lines: [region.start, region.end],
    base: keep(region.baseText),
    ...(fits(region.baseText) ? baseOf(region.baseText) : {}),
    variants: region.variants.map(({ letter, agents, text, spacing, decided }) => ({
      id: `${id}.${letter}`,
      agents,
      blob: keep(text),
      ...(fits(text) ? textToWire(text) : {}),
      ...(spacing === undefined ? {} : { spacing }),
      decided,
    })),
  }
}

function unitParts(
  id: string,
  region: UnitRegion,
  review: Review,
  keep: (text: ByteString) => string,
  fits: Fits,
): Parts {
  return {
    lines: null,
    base: region.base?.oid ?? null,
    variants: region.variants.map(({ letter, agents, unit, entry, to, decided }) => {
      const text = entry === null || entry.mode === '160000' ? null : review.read(entry)
      const blob = text === null ? (entry?.oid ?? null) : keep(text)
      return {
        id: `${id}.${letter}`,
        agents,
        ...(to === undefined ? {} : pathToWire(to)),
        ...(unit === 'mode' && entry !== null ? { mode: entry.mode } : {}),
        blob,
        ...(text !== null && fits(text) ? textToWire(text) : {}),
        decided,
      }
    }),
  }
}

function baseOf(text: ByteString): { baseText: string; baseEncoding: 'utf-8' | 'base64' } {
  const wire = textToWire(text)
  return { baseText: wire.text, baseEncoding: wire.encoding }
}
