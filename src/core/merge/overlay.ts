// What has landed in a region stays where a later choice does not overlap it. With the base `1 2 3 4 5` in one region,
//   landed: line 1 → `one` (bo)     chosen: line 5 → `five` (cy)     →  both
//   landed: line 1 → `one` (bo)     chosen: all lines → … (ada)      →  ada's alone, bo's line is replaced
import { isSameAtom, overlapIn, sortAtoms } from './atom.ts'
import type { Atom, AtomDecision, Decision, UnitDecision } from './change.ts'
import { sortDecisions } from './decision-order.ts'
import { resultOf } from './facet.ts'
import { lineTable } from './lines.ts'
import type { RegionView, TextRegion } from './region-view.ts'
import { spliceLines } from './splice.ts'
import { withoutStrays } from './stray.ts'

/** The decisions inside a region after a choice, and those landed before that the choice makes once more. */
export interface Overlaid {
  readonly decisions: readonly Decision[]
  readonly again: readonly Decision[]
}

/** Lays a choice over what has landed inside its region. */
export function overlaid(
  region: RegionView,
  landed: readonly Decision[],
  chosen: readonly Decision[],
): Overlaid {
  if (landed.length === 0) return { decisions: chosen, again: [] }
  return region.kind === 'text'
    ? overText(region, landed.filter(isAtom), chosen.filter(isAtom))
    : overUnit(landed, chosen)
}

function overText(
  region: TextRegion,
  landed: readonly AtomDecision[],
  chosen: readonly AtomDecision[],
): Overlaid {
  const again = new Set<AtomDecision>()
  const added = chosen.filter((each) => {
    const same = repeatedBy(region, landed, each)
    for (const decision of same) again.add(decision)
    return same.length === 0
  })
  const kept = landed.filter((each) => again.has(each) || !added.some((other) => overlap(each, other)))
  return { decisions: [...kept, ...added], again: [...again] }
}

/** The landed decisions that together make just what a chosen one makes of its lines. */
function repeatedBy(
  region: TextRegion,
  landed: readonly AtomDecision[],
  { atom }: AtomDecision,
): AtomDecision[] {
  const met = landed.filter(
    (each) => overlapIn(sortAtoms([each.atom, atom])) !== null || isSameAtom(each.atom, atom),
  )
  const within = met.every((each) => each.atom.start >= atom.start && each.atom.end <= atom.end)
  return met.length > 0 && within && textOver(region, atom, met) === atom.text ? met : []
}

/** What decisions make of the base lines of an atom. */
function textOver(
  { baseText, start: offset }: TextRegion,
  { start, end }: Atom,
  decisions: readonly AtomDecision[],
): string {
  const atoms = decisions.map(({ atom }) => ({ ...atom, start: atom.start - offset, end: atom.end - offset }))
  return spliceLines(lineTable(baseText), start - offset, end - offset, atoms)
}

function overlap(left: AtomDecision, right: AtomDecision): boolean {
  return overlapIn(sortAtoms([left.atom, right.atom])) !== null
}

/** A unit is replaced as a whole; lines of a new file stay with the file that they go into. */
function overUnit(landed: readonly Decision[], chosen: readonly Decision[]): Overlaid {
  const units = chosen.filter((each) => each.kind === 'unit')
  const again = landed.filter(
    (each) => each.kind === 'unit' && units.some((other) => isSameUnit(each, other)),
  )
  const decisions = withoutStrays(sortDecisions([...landed.filter(isAtom), ...chosen]))
  return { decisions, again }
}

function isSameUnit(left: UnitDecision, right: UnitDecision): boolean {
  return resultOf(left) === resultOf(right) && left.content === right.content
}

function isAtom(decision: Decision): decision is AtomDecision {
  return decision.kind === 'atom'
}
