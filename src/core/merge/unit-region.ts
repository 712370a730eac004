import type { UnitDecision } from './change.ts'
import { type Facet, facetOf, resultOf } from './facet.ts'
import type { PathChanges } from './path-changes.ts'
import type { UnitRegion } from './region-view.ts'
import { collapse, variantLetter } from './variant.ts'

const facets: readonly Facet[] = ['path', 'mode', 'content']

/** The regions of what is taken or left whole at a path: one for its new path, its mode and its content each, where changed. */
export function unitRegionsOf(changes: PathChanges, agents: readonly string[]): UnitRegion[] {
  return facets.flatMap((facet) => {
    const region = unitRegionOf(changes, agents, facet)
    return region === null ? [] : [region]
  })
}

function unitRegionOf(changes: PathChanges, agents: readonly string[], facet: Facet): UnitRegion | null {
  const { path } = changes
  const units = changes.units.filter(({ unit }) => facetOf(unit) === facet)
  const decided = changes.unitDecisions.filter(({ unit }) => facetOf(unit) === facet)
  const first = units[0] ?? decided[0]
  if (first === undefined) return null
  const variants = collapse(units, resultOf).map(
    ({ first: { unit, entry, to, reason }, agents: makers }, index) => ({
      letter: variantLetter(index),
      agents: makers,
      unit,
      entry,
      ...(to === undefined ? {} : { to }),
      ...(reason === undefined ? {} : { reason }),
      decided: decided.some((decision) => isDecided(decision, { entry, to })),
    }),
  )
  const { base, unit: kind } = first
  const key = `${facet === 'content' ? 'unit' : kind} ${base === null ? '-' : base.oid} ${path}`
  return { key, path, agents, kind, start: null, end: null, base, baseText: null, variants, decided }
}

function isDecided(decision: UnitDecision, made: Parameters<typeof resultOf>[0]): boolean {
  return decision.content === undefined && resultOf(decision) === resultOf(made)
}
