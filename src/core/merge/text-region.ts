import { isSameAtom, overlapIn, sortAtoms } from './atom.ts'
import type { Atom, AtomDecision, ByteString, Entry, TextChange } from './change.ts'
import { lineTable, sliceLines } from './lines.ts'
import type { LineTable } from './lines.ts'
import type { Made, PathChanges } from './path-changes.ts'
import type { TextRegion, TextVariant } from './region-view.ts'
import { type OpenSpan, softSpansOf } from './soft-span.ts'
import { spacingOf } from './spacing.ts'
import type { Span } from './span.ts'
import { spliceLines } from './splice.ts'
import { collapse, variantLetter } from './variant.ts'

/** One base file with what was made of it and decided on it (in order of line). */
interface BaseFile {
  readonly base: Entry
  readonly table: LineTable
  readonly changes: readonly Made<TextChange>[]
  readonly decisions: readonly AtomDecision[]
  readonly agents: readonly string[]
}

/** The text regions of a path, in order of line. */
export function textRegionsOf(
  { texts, atomDecisions }: PathChanges,
  agents: readonly string[],
  baseText: (entry: Entry) => ByteString,
): TextRegion[] {
  const bases = new Map([...texts, ...atomDecisions].map(({ base }) => [base.oid, base]))
  return [...bases.values()].flatMap((base) => {
    const changes = texts.filter((change) => change.base.oid === base.oid)
    const decisions = atomDecisions
      .filter((decision) => decision.base.oid === base.oid)
      .toSorted((left, right) => left.atom.start - right.atom.start)
    const file = { base, table: lineTable(baseText(base)), changes, decisions, agents }
    const lists = changes.map(({ atoms }) => atoms)
    const decided = decisions.map(({ atom }) => atom)
    return regionsOfFile(file, softSpansOf(file.table, lists, decided))
  })
}

function regionsOfFile(file: BaseFile, spans: readonly OpenSpan[]): TextRegion[] {
  const path = file.changes[0]?.path ?? file.decisions[0]?.path ?? ''
  const decisionOf = new Map(file.decisions.map((decision) => [decision.atom, decision]))
  return spans.map((span) => {
    const atoms = span.parts.find(({ list }) => list === file.changes.length)?.atoms ?? []
    const decided = atoms.flatMap((atom) => decisionOf.get(atom) ?? [])
    return regionOf(file, path, span, decided)
  })
}

function regionOf(
  file: BaseFile,
  path: string,
  span: OpenSpan,
  decided: readonly AtomDecision[],
): TextRegion {
  const { start, end, open } = span
  const { base, table, agents } = file
  const baseText = sliceLines(table, start, end)
  const made = span.parts.flatMap(({ list, atoms }) => {
    const agent = file.changes[list]?.agent
    return agent === undefined ? [] : { agent, atoms, text: spliceLines(table, start, end, atoms) }
  })
  const plain = collapse(made, ({ text }) => text).map(
    ({ first: { text, atoms }, agents: makers }, index): TextVariant => {
      const spacing = spacingOf(baseText, text)
      const differing = spacing === null ? {} : { spacing }
      return { letter: variantLetter(index), agents: makers, text, atoms, ...differing, decided: false }
    },
  )
  const variants = decided.length === 0 ? plain : markDecided(plain, decided, table, span)
  const key = `text ${base.oid} ${start}-${end} ${path}`
  const edges = open?.start === true || open?.end === true ? { open } : {}
  return { key, path, agents, kind: 'text', start, end, ...edges, base, baseText, variants, decided }
}

/** Marks the variant that the decisions result in, else all variants that are part of them (as with two joined). */
function markDecided(
  variants: readonly TextVariant[],
  decided: readonly AtomDecision[],
  table: LineTable,
  { start, end }: Span,
): readonly TextVariant[] {
  const atoms = sortAtoms(decided.map(({ atom }) => atom))
  if (overlapIn(atoms) !== null) return variants
  const result = spliceLines(table, start, end, atoms)
  const exact = variants.some(({ text }) => text === result)
  const isPart = (variant: TextVariant): boolean => variant.atoms.every((atom) => includesAtom(atoms, atom))
  return variants.map((variant) => ({
    ...variant,
    decided: exact ? variant.text === result : isPart(variant),
  }))
}

function includesAtom(atoms: readonly Atom[], wanted: Atom): boolean {
  return atoms.some((atom) => isSameAtom(atom, wanted))
}
