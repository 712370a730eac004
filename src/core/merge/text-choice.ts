import { overlapIn, sortAtoms } from './atom.ts'
import type { Atom, AtomDecision, ByteString } from './change.ts'
import { joinTexts, lineTable } from './lines.ts'
import type { TextRegion, TextVariant } from './region-view.ts'
import { spliceLines } from './splice.ts'

/** What taking a variant of a text decides. */
export function takeTextVariant(region: TextRegion, variant: TextVariant): AtomDecision[] {
  return variant.text === region.baseText ? [] : decideAtoms(region, variant.atoms, variant.agents)
}

/**
 * What taking two variants decides: both where their atoms go together, else over the lines that either changes the
 * first's text, then the second's.
 */
export function joinTextVariants(
  region: TextRegion,
  first: TextVariant,
  second: TextVariant,
): AtomDecision[] {
  const atoms = sortAtoms([...first.atoms, ...second.atoms])
  const source = [...first.agents, ...second.agents]
  if (overlapIn(atoms) !== null) {
    const start = Math.min(...atoms.map((atom) => atom.start))
    const end = Math.max(...atoms.map((atom) => atom.end))
    const text = joinTexts([first, second].map((variant) => textOver(region, variant, start, end)))
    return decideAtoms(region, [{ start, end, text }], source)
  }
  const makers = (atom: Atom): readonly string[] =>
    [first, second].flatMap((variant) => makersOf(variant, atom))
  return atoms.flatMap((atom) => decideAtoms(region, [atom], makers(atom)))
}

/** What a text of the person's own decides. */
export function takeText(region: TextRegion, text: ByteString): AtomDecision[] {
  return decideText(region, text, [])
}

/** What a variant makes of some lines of its region. */
function textOver(region: TextRegion, variant: TextVariant, start: number, end: number): ByteString {
  const offset = region.start
  const atoms = variant.atoms.map((atom) => ({ ...atom, start: atom.start - offset, end: atom.end - offset }))
  return spliceLines(lineTable(region.baseText), start - offset, end - offset, atoms)
}

function decideText(region: TextRegion, text: ByteString, source: readonly string[]): AtomDecision[] {
  const { start, end, baseText } = region
  return text === baseText ? [] : decideAtoms(region, [{ start, end, text }], source)
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

function makersOf(variant: TextVariant, atom: Atom): readonly string[] {
  return sortAtoms([...variant.atoms, atom]).length === variant.atoms.length ? variant.agents : []
}
