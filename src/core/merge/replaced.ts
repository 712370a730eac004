import type { Decision } from './change.ts'
import type { LineRange } from './lines.ts'
import { regionFinder } from './region-index.ts'
import type { RegionView } from './region-view.ts'

/** A landed change that a choice takes out of the target, with the agent it came from (null: an edit of the person's own). */
export interface Replaced {
  readonly region: string | null
  readonly agent: string | null
  readonly path: string
  /** Lines of the base; null for what is taken or left whole. */
  readonly lines: LineRange | null
}

/** What decisions are gone after a choice, one row for each agent, in the order of the decisions. */
export function replacedIn(
  gone: readonly Decision[],
  regions: readonly { readonly id: string; readonly region: RegionView }[],
): Replaced[] {
  if (gone.length === 0) return []
  const find = regionFinder(regions.map(({ region }) => region))
  const ids = new Map(regions.map(({ id, region }) => [region, id]))
  return gone.flatMap((decision) => {
    const region = find(decision)
    const id = region === undefined ? null : (ids.get(region) ?? null)
    const lines = decision.kind === 'atom' ? ([decision.atom.start, decision.atom.end] as const) : null
    const agents = decision.source.length === 0 ? [null] : decision.source
    return agents.map((agent) => ({ region: id, agent, path: decision.path, lines }))
  })
}
