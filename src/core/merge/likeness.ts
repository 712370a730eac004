// Variants that differ only in what their kind of file does not mean (blanks, comments) are alike. Nothing is merged for
// it or taken for the other: it is only shown. The variants of a region, of which b and d differ from a in a comment,
//   a `f(x)`   b `f( x ) // why`   c `g(x)`   d `f(x) // how`
// are alike as [[a, b, d]].
import { languageOf } from '../language/languages.ts'
import type { Language } from '../language/language.ts'
import { type Inside, insideAfter, normalForm } from '../language/normal-form.ts'
import { limit } from '../limit.ts'
import type { ByteString, Entry } from './change.ts'
import { lineTable, sliceLines } from './lines.ts'
import type { RegionView, TextRegion } from './region-view.ts'

/**
 * The letters of variants that are alike though not equal, by the region's key; a region without such is left out, and
 * so are those of files beyond the limit.
 */
export function likenesses(
  regions: readonly RegionView[],
  baseText: (entry: Entry) => ByteString,
): ReadonlyMap<string, string[][]> {
  const found = new Map<string, string[][]>()
  let room: number = limit.likenessCharacters
  const texts = regions.filter((region) => region.kind === 'text')
  for (const ofFile of grouped(texts, ({ base, path }) => `${base.oid} ${path}`)) {
    const compared = ofFile.filter(isCompared).toSorted((left, right) => left.start - right.start)
    const [first] = compared
    const text = first === undefined ? '' : baseText(first.base)
    const characters = compared.reduce((sum, region) => sum + charactersOf(region), text.length)
    if (first === undefined || characters > room) continue
    room -= characters
    const language = languageOf(first.path)
    const beginnings = insides(text, compared, language)
    for (const [index, region] of compared.entries()) {
      const groups = groupsOf(region, language, beginnings[index] ?? null)
      if (groups.length > 0) found.set(region.key, groups)
    }
  }
  return found
}

function isCompared(region: TextRegion): boolean {
  return region.variants.length > 1 && charactersOf(region) <= limit.likenessCharactersPerRegion
}

function charactersOf({ variants }: TextRegion): number {
  return variants.reduce((sum, { text }) => sum + text.length, 0)
}

/** In what each region begins, by what the base has before it: code, or a comment or a string. */
function insides(text: ByteString, regions: readonly TextRegion[], language: Language): Inside[] {
  const table = lineTable(text)
  let [line, inside]: [number, Inside] = [0, null]
  return regions.map(({ start }) => {
    inside = insideAfter(sliceLines(table, line, start), language, inside)
    line = start
    return inside
  })
}

/** Alike are variants of one normal form that also end in the same: not in a comment that only one of them opens. */
function groupsOf({ variants }: TextRegion, language: Language, from: Inside): string[][] {
  const groups = grouped(variants, (variant) => {
    const { text, inside } = normalForm(variant.text, language, from)
    const token = inside === null ? -1 : language.tokens.indexOf(inside.token)
    return JSON.stringify([token, inside?.close, inside?.depth, text])
  })
  return groups.filter((group) => group.length > 1).map((group) => group.map(({ letter }) => letter))
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [item])
    else known.push(item)
  }
  return [...groups.values()]
}
