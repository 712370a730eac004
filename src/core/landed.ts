import { decisionsOf } from './landing.ts'
import type { Decision } from './merge/change.ts'
import type { RegionView } from './merge/region-view.ts'
import type { RunState, State } from './state.ts'

/** The decisions of a run's landings that stand, for any target. */
export function landedOf(state: State, run: string): Decision[] {
  return decisionsOf(state, run, null)
}

/**
 * The agents of a run with a region that was neither taken nor refused in a landing that stands. A region is refused when
 * another variant of it was taken, or the base kept on purpose. The regions have to be formed with what has landed.
 */
export function agentsWithOpenRegions(
  state: State,
  run: RunState,
  regions: readonly RegionView[],
): Set<string> {
  const hasLanded = landedOf(state, run.id).length > 0
  const kept = new Set(hasLanded ? Object.values(run.kept).flat() : [])
  const open = regions.filter(({ key, decided }) => !kept.has(key) && decided.length === 0)
  return new Set(open.flatMap(({ variants }) => variants.flatMap(({ agents }) => agents)))
}
