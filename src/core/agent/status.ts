import type { AgentState, AgentStatus, RunStatus } from '../state.ts'

/** A run's status by those of its agents: it works while any of them does, and is done when all ended and one is done. */
export function runStatus(agents: readonly AgentState[]): RunStatus {
  const some = (...statuses: AgentStatus[]): boolean =>
    agents.some((agent) => statuses.includes(agent.status))
  if (agents.every((agent) => agent.status === 'queued')) return 'queued'
  if (some('queued', 'starting', 'working', 'unknown')) return 'working'
  if (some('waiting', 'paused')) return 'waiting'
  if (some('done')) return 'done'
  return some('failed') ? 'failed' : 'stopped'
}
