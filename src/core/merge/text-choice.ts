import { sortAtoms } from './atom.ts'
import type { Atom, AtomDecision, ByteString } from './change.ts'
import type { TextRegion, TextVariant } from './region-view.ts'

/** What taking a variant of a text decides. */
export function takeTextVariant(region: TextRegion, variant: TextVariant): AtomDecision[] {
  return variant.text === region.baseText ? [] : decideAtoms(region, variant.atoms, variant.agents)
}

/** What a text of the person's own decides. */
export function takeText(region: TextRegion, text: ByteString): AtomDecision[] {
  const { start, end, baseText } = region
  return text === baseText ? [] : decideAtoms(region, [{ start, end, text }], [])
}

/** Decides atoms in the text of a region. */
export function decideAtoms(
  { path, base, newFile }: TextRegion,
  atoms: readonly Atom[],
  source: readonly string[],
): AtomDecision[] {
  const file = { path, base, ...(newFile === undefined ? {} : { newFile }) }
  return sortAtoms(atoms).map((atom) => ({ kind: 'atom', ...file, atom, source }))
}
