import type { KnownAgent } from '../archive/row.ts'
import { type AgentState, type AgentStatus, ended, type RunStatus } from '../state.ts'

/** A run's status by those of its agents: it works while any of them does, and is done when all ended and one is done. */
export function runStatus(agents: readonly Pick<AgentState, 'status'>[]): RunStatus {
  const some = (...statuses: AgentStatus[]): boolean =>
    agents.some((agent) => statuses.includes(agent.status))
  if (agents.every((agent) => agent.status === 'queued')) return 'queued'
  if (some('queued', 'starting', 'working', 'unknown')) return 'working'
  if (some('waiting', 'paused')) return 'waiting'
  if (some('done')) return 'done'
  return some('failed') ? 'failed' : 'stopped'
}

type Captured = Pick<
  AgentState,
  | 'status'
  | 'capture'
  | 'captureProblem'
  | 'desired'
  | 'gitKind'
  | 'worktreeState'
  | 'publishedSince'
  | 'since'
>

/** A run is settled when every agent has ended and its last snapshot is taken, or cannot be. */
export function settled({ agents }: { readonly agents: readonly Captured[] }): boolean {
  return agents.every((agent) => ended(agent) && captured(agent))
}

/** Whether an agent's count of changed files is known: it never had a worktree, or its work was captured, after its end once more. */
export function isCounted(agent: Pick<KnownAgent, 'status' | 'worktreeState' | 'capture'>): boolean {
  if (agent.worktreeState === 'absent' && agent.capture === null) return true
  return agent.capture !== null && (!ended(agent) || agent.capture.final)
}

/** Whether no further snapshot of an agent that has ended is to come. */
export function captured(agent: Captured): boolean {
  const over = (agent.capture?.final === true && isPublished(agent)) || agent.captureProblem !== null
  return over || !isRecoverable(agent) || agent.desired === 'cleaned'
}

/** Whether something of an agent is there to capture: its worktree, or the commits it made before that went. */
export function isRecoverable({ worktreeState }: Pick<AgentState, 'worktreeState'>): boolean {
  return worktreeState === 'present' || worktreeState === 'lost'
}

/** Whether the agent's branch shows what it did up to its present status; only agents with a git directory of their own have such a branch. */
export function isPublished({
  gitKind,
  worktreeState,
  publishedSince,
  since,
}: Pick<AgentState, 'gitKind' | 'worktreeState' | 'publishedSince' | 'since'>): boolean {
  return gitKind !== 'own' || worktreeState !== 'present' || publishedSince === since
}

/** Why the last capture of an agent failed, while it is not made up for; null where none did. */
export function uncapturedReason(agent: Pick<AgentState, 'failures' | 'captureProblem'>): string | null {
  return agent.failures['candidate.capture']?.reason ?? agent.captureProblem
}
