import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parkFile } from '../adapters/git/nested/park-file.ts'
import { parkNested } from '../adapters/git/nested/work.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import { draft } from '../core/draft.ts'
import type { Capture, EventDraft } from '../core/event.ts'
import type { TreePath } from '../core/merge/change.ts'
import type { AgentState, RunState } from '../core/state.ts'

/** Stores the work of an agent that its capture cannot hold below Kage's data directory; fails where any of it cannot be stored. */
export async function parkOutsideWork(
  parkedRoot: string,
  own: Own,
  { run, agent }: { readonly run: RunState; readonly agent: AgentState },
  { nested = [], leftOut = [], filtered = [] }: Pick<Capture, 'nested' | 'leftOut' | 'filtered'>,
): Promise<EventDraft[]> {
  const directory = join(parkedRoot, `${run.id}-${agent.name}`)
  const events: EventDraft[] = []
  const park = (kind: 'nested' | 'large' | 'filtered', path: TreePath, place: string): void => {
    events.push(draft('work.parked', run.id, agent.name, { path, kind, place }))
  }
  const freeBundle = (path: TreePath): string => freePlace(join(directory, `${path}.bundle`))
  for (const { path, place } of await parkNested(own, agent.worktree, nested, freeBundle))
    park('nested', path, place)
  const files = [
    ...leftOut.map((path) => ({ path, kind: 'large' }) as const),
    ...filtered.map((path) => ({ path, kind: 'filtered' }) as const),
  ]
  for (const { path, kind } of files) {
    const place = freePlace(join(directory, path))
    if (await parkFile(agent.worktree, path, place)) park(kind, path, place)
  }
  return events
}

/** A path that is free: the given one, or the same with a number. */
export function freePlace(path: string): string {
  if (!existsSync(path)) return path
  for (let number = 2; ; number++) if (!existsSync(`${path}.${number}`)) return `${path}.${number}`
}
