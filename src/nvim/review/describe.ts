import { isBinary } from '../../core/merge/binary.ts'
import type { Entry } from '../../core/merge/change.ts'
import { linesInWords } from '../../core/merge/line-words.ts'
import { lineTable } from '../../core/merge/lines.ts'
import type { RegionView, UnitRegion, UnitVariant } from '../../core/merge/region-view.ts'
import { lineCount } from './rows.ts'
import { shownText } from './shown-text.ts'
import type { Review } from './model.ts'

/** The base lines of a region, counted from 1 as people do: `13-18`, `after 12` for an insertion; empty for a unit. */
export function linesOf(region: RegionView): string {
  if (region.kind !== 'text') return ''
  const { start, end } = region
  if (start === end) return `after ${start}`
  return end === start + 1 ? String(end) : `${start + 1}-${end}`
}

/** Where a region is, as a comment on it says: `src/a.ts:13-18`. */
export function placeOfComment(region: RegionView): string {
  const lines = linesOf(region)
  return lines === '' ? shownText(region.path) : `${shownText(region.path)}:${lines}`
}

/** Where a region is, in words; of a unit its kind. */
export function placeInWords(region: RegionView): string {
  return region.kind === 'text' ? linesInWords(region) : region.kind
}

/** What a unit's variant does to its path, in words. */
export function describeUnit(
  review: Pick<Review, 'texts'>,
  region: UnitRegion,
  variant: UnitVariant,
): string {
  const { base, path } = region
  const { entry, to } = variant
  if (to !== undefined) return `${shownText(path)} → ${shownText(to)}`
  if (entry === null) return `removes ${base === null ? 'it' : describeEntry(review, base)}`
  if (base === null) return `new: ${describeEntry(review, entry)}`
  const [before, after] = [describeEntry(review, base), describeEntry(review, entry)]
  const mode = base.mode === entry.mode ? '' : `mode ${base.mode} becomes ${entry.mode}`
  const both = isFile(base) && isFile(entry)
  const content = base.oid === entry.oid ? '' : `${before} becomes ${after}`
  return (both ? [mode, content] : [content || mode]).filter((part) => part !== '').join('; ')
}

/** Whether an entry is a regular file. */
export function isFile(entry: Entry | null): entry is Entry {
  return entry?.mode.startsWith('100') === true
}

function describeEntry({ texts }: Pick<Review, 'texts'>, { mode, oid }: Entry): string {
  if (mode === '160000') return `submodule at ${oid.slice(0, 12)}`
  const text = texts.get(oid)
  if (mode === '120000') return `symbolic link to ${typeof text === 'string' ? shownText(text) : '…'}`
  const program = mode === '100755' ? 'executable ' : ''
  if (text === undefined) return `${program}file …`
  if (text === null) return `${program}file ${oid.slice(0, 12)}`
  if (isBinary(text)) return `${program}binary file, ${text.length} bytes`
  const count = lineCount(lineTable(text))
  return `${program}file, ${count} ${count === 1 ? 'line' : 'lines'}`
}
