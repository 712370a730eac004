import { overlapIn, sortAtoms } from './atom.ts'
import type { Atom, Decision, UnitDecision } from './change.ts'
import { facetOf, isMixable } from './facet.ts'
import { linesInWords } from './line-words.ts'
import { strayLines } from './stray.ts'

/** Why several decisions for one path exclude each other, if so. */
export function exclusionAt(decisions: readonly Decision[]): string | null {
  if (decisions.length < 2) return strayReason(decisions)
  const units = decisions.flatMap((decision) => (decision.kind === 'unit' ? [decision] : []))
  const atoms = decisions.flatMap((decision) => (decision.kind === 'atom' ? [decision.atom] : []))
  const added = units.find(isMixable)
  const whole = added === undefined || atoms.length === 0 ? units : units.filter((unit) => unit !== added)
  const reason = unitsExclude(units) ?? wholeExcludes(whole, atoms)
  if (reason !== null) return reason
  if (new Set(decisions.map((each) => baseIn(each, added))).size > 1)
    return 'is decided on two different bases'
  const stray = strayReason(decisions)
  if (stray !== null) return stray
  const overlap = overlapIn(sortAtoms(atoms))
  return overlap === null
    ? null
    : `has two decisions for the same lines (${overlap.map(linesInWords).join(' and ')})`
}

function strayReason(decisions: readonly Decision[]): string | null {
  return strayLines(decisions).length === 0 ? null : 'is a new file that is not taken, and lines for it are'
}

/** The text that a decision starts from: of a new file that of the variant that was chosen, which others' lines go into. */
function baseIn(decision: Decision, added: UnitDecision | undefined): string | undefined {
  return decision === added ? added.entry?.oid : decision.base?.oid
}

/** Two ways to decide one facet, or a path or mode for what settles the file whole. */
function unitsExclude(units: readonly UnitDecision[]): string | null {
  const of = (facet: string): UnitDecision[] => units.filter(({ unit }) => facetOf(unit) === facet)
  const [moves, modes, contents] = [of('path'), of('mode'), of('content')]
  const names = units.map(({ unit }) => unit).join(' and ')
  if (moves.length > 1) return 'is renamed to two paths'
  if (modes.length > 1 || contents.length > 1)
    return `is decided in two ways (${names}), each for the whole file`
  const [content] = contents
  if (content === undefined) return null
  const lies = content.entry !== null && content.base !== null
  const keepsMode = lies && content.entry.mode === content.base.mode
  const whole = `is decided as a whole (${content.unit})`
  if (moves.length > 0 && !lies) return `${whole} and renamed as well`
  return modes.length > 0 && !keepsMode ? `${whole} and given a mode as well` : null
}

/** A content that is taken whole beside another. */
function wholeExcludes(units: readonly UnitDecision[], atoms: readonly Atom[]): string | null {
  const whole = units.filter(isContent)
  if (whole.length > 1)
    return `is decided in two ways (${whole.map(({ unit }) => unit).join(' and ')}), each for the whole file`
  if (whole.length === 0 || atoms.length === 0) return null
  return `is decided as a whole (${whole.map(({ unit }) => unit).join()}) and line by line as well`
}

/** Whether a unit gives the file another content; a mode once came with one. */
function isContent({ unit, base, entry }: UnitDecision): boolean {
  return facetOf(unit) === 'content' || (unit === 'mode' && entry?.oid !== base?.oid)
}
