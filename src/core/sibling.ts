import { agentsOf, isRun } from './agent/kind.ts'
import { agentId } from './id.ts'
import { limit } from './limit.ts'
import { type AgentState, ended, type RunState, type State } from './state.ts'

/**
 * Since when an agent has not written to its worktree, in milliseconds: since it ended and was captured, or was paused. Null
 * where it may write.
 */
export function restingSinceMs(agent: AgentState): number | null {
  const sinceMs = Date.parse(agent.since)
  if (!isRun(agent)) return null
  if (agent.status === 'paused') return sinceMs + limit.pauseSettleMs
  return ended(agent) && agent.capture?.final === true ? sinceMs : null
}

/** The ids of the other agents of a run's repository that were at work at one of these moments. */
export function othersAtWork(
  state: State,
  run: RunState,
  name: string,
  momentsMs: readonly number[],
): string[] {
  return Object.values(state.runs)
    .filter(({ repository }) => repository.key === run.repository.key)
    .flatMap((each) => agentsOf(each).map((agent) => ({ id: agentId(each.id, agent.name), agent })))
    .filter(({ id, agent }) => {
      const [from, to] = worked(agent)
      return id !== agentId(run.id, name) && momentsMs.some((moment) => from <= moment && moment <= to)
    })
    .map(({ id }) => id)
}

/** From when until when the attempt of an agent worked; one that waits or is paused has worked until then. */
function worked({ startedAt, status, since }: AgentState): readonly [from: number, to: number] {
  if (startedAt === null) return [Infinity, -Infinity]
  const isWorking = status === 'working' || status === 'unknown' || status === 'starting'
  return [Date.parse(startedAt), isWorking ? Infinity : Date.parse(since)]
}
