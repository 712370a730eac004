import { overlapIn, sortAtoms } from './atom.ts'
import type { Atom, AtomDecision, ByteString } from './change.ts'
import { joinTexts } from './lines.ts'
import type { TextRegion, TextVariant } from './region-view.ts'

/** What taking a variant of a text decides. */
export function takeTextVariant(region: TextRegion, variant: TextVariant): AtomDecision[] {
  return variant.text === region.baseText ? [] : decideAtoms(region, variant.atoms, variant.agents)
}

/** What taking two variants decides: both where their atoms go together, else the first's text, then the second's. */
export function joinTextVariants(
  region: TextRegion,
  first: TextVariant,
  second: TextVariant,
): AtomDecision[] {
  const atoms = sortAtoms([...first.atoms, ...second.atoms])
  const source = [...first.agents, ...second.agents]
  if (overlapIn(atoms) !== null) return decideText(region, joinTexts([first.text, second.text]), source)
  const makers = (atom: Atom): readonly string[] =>
    [first, second].flatMap((variant) => makersOf(variant, atom))
  return atoms.flatMap((atom) => decideAtoms(region, [atom], makers(atom)))
}

/** What a text of the person's own decides. */
export function takeText(region: TextRegion, text: ByteString): AtomDecision[] {
  return decideText(region, text, [])
}

function decideText(region: TextRegion, text: ByteString, source: readonly string[]): AtomDecision[] {
  const { start, end, baseText } = region
  return text === baseText ? [] : decideAtoms(region, [{ start, end, text }], source)
}

function decideAtoms(
  { path, base }: TextRegion,
  atoms: readonly Atom[],
  source: readonly string[],
): AtomDecision[] {
  return sortAtoms(atoms).map((atom) => ({ kind: 'atom', path, base, atom, source }))
}

function makersOf(variant: TextVariant, atom: Atom): readonly string[] {
  return sortAtoms([...variant.atoms, atom]).length === variant.atoms.length ? variant.agents : []
}
