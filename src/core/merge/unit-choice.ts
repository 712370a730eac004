import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import { isBinary } from './binary.ts'
import type { ByteString, Entry, UnitDecision } from './change.ts'
import { joinTexts } from './lines.ts'
import { showPath } from './path-name.ts'
import type { UnitRegion, UnitVariant } from './region-view.ts'

/** A variant that is a new regular file: its text can be edited, joined with another's and picked by line. */
type AddedFile = UnitVariant & { readonly entry: Entry }

/** What taking a variant of a unit decides. */
export function takeUnitVariant(region: UnitRegion, variant: UnitVariant): UnitDecision[] {
  const { unit, entry, to, agents: source } = variant
  const moved = to === undefined ? {} : { to }
  return [{ kind: 'unit', unit, path: region.path, base: region.base, entry, ...moved, source }]
}

/** What taking several variants of a new text file decides: their contents, one after the other. */
export function joinUnitVariants(
  region: UnitRegion,
  variants: readonly UnitVariant[],
  read: (entry: Entry) => ByteString,
): UnitDecision[] | Fault {
  const added = variants.filter(isAddedFile)
  const [first] = added
  if (first === undefined || added.length < variants.length)
    return whole(region, 'its variants do not go together')
  if (added.some(({ entry }) => entry.mode !== first.entry.mode))
    return whole(region, 'its variants have different modes')
  const contents = [...new Set(added.map(({ entry }) => read(entry)))]
  if (contents.some(isBinary)) return whole(region, 'it is binary')
  const makers = added.flatMap(({ agents }) => agents)
  return [writeFile(region, first, joinTexts(contents), makers)]
}

/** What a text of the person's own decides for a new file. */
export function takeUnitText(region: UnitRegion, text: ByteString): UnitDecision[] | Fault {
  const variant = region.variants.find(isAddedFile)
  return variant === undefined ? whole(region, 'it cannot be edited') : [writeFile(region, variant, text, [])]
}

/** Whether a variant is a new regular file. */
export function isAddedFile(variant: UnitVariant): variant is AddedFile {
  return variant.unit === 'add' && variant.entry !== null && variant.entry.mode.startsWith('100')
}

/** Decides the content of a new file, with the mode that the variant gives it. */
export function writeFile(
  { path, base }: UnitRegion,
  { unit, entry }: AddedFile,
  content: ByteString,
  source: readonly string[],
): UnitDecision {
  return { kind: 'unit', unit, path, base, entry: { mode: entry.mode, oid: '' }, content, source }
}

function whole(region: UnitRegion, reason: string): Fault {
  const message = `${showPath(region.path)} (${region.kind}) is taken or left whole: ${reason}.`
  return fault('KAGE_CHOICE_INVALID', message, 'Choose base, or one of its variants.')
}
