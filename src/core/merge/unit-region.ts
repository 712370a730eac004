import type { Entry, UnitDecision } from './change.ts'
import type { PathChanges } from './path-changes.ts'
import type { UnitRegion } from './region-view.ts'
import { collapse, variantLetter } from './variant.ts'

/** The region of what is taken or left whole at a path, or null where there is none. */
export function unitRegionOf(changes: PathChanges, agents: readonly string[]): UnitRegion | null {
  const { path, units, unitDecisions: decided } = changes
  const first = units[0] ?? decided[0]
  if (first === undefined) return null
  const variants = collapse(units, (unit) => entryKey(unit.entry)).map((group, index) => ({
    letter: variantLetter(index),
    agents: group.agents,
    unit: group.first.unit,
    entry: group.first.entry,
    decided: decided.some((decision) => isDecided(decision, group.first.entry)),
  }))
  const { base, unit: kind } = first
  const key = `unit ${base === null ? '-' : base.oid} ${path}`
  return {
    key,
    path,
    from: null,
    agents,
    kind,
    start: null,
    end: null,
    base,
    baseText: null,
    variants,
    decided,
  }
}

function isDecided(decision: UnitDecision, entry: Entry | null): boolean {
  return decision.content === undefined && entryKey(decision.entry) === entryKey(entry)
}

function entryKey(entry: Entry | null): string {
  return entry === null ? '' : `${entry.mode} ${entry.oid}`
}
