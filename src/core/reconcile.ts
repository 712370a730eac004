import type { Action, ActionType } from './action.ts'
import { agentsOf } from './agent/kind.ts'
import { restartDelayMs } from './agent/restart.ts'
import { isPublished, isRecoverable } from './agent/status.ts'
import { agentId } from './id.ts'
import type { Observed, ObservedPane } from './observed.ts'
import { retryDelayMs } from './retry.ts'
import { type AgentState, ended, type RunState, type State } from './state.ts'

/**
 * The effects that bring the observed world closer to the desired one, at most one per agent; the same on a first start,
 * after a crash and after a reboot. An effect that failed is left out until its back-off has passed.
 */
export function reconcile(state: State, observed: Observed, nowMs: number): Action[] {
  const actions: Action[] = []
  for (const run of Object.values(state.runs)) {
    for (const agent of agentsOf(run)) {
      const type = nextStep(run, agent, observed)
      if (type !== null && retryDelayMs(agent, type, nowMs) === 0 && !isHeld(agent, type, nowMs))
        actions.push({ type, run: run.id, agent: agent.name, attempt: agent.attempt })
    }
  }
  return actions
}

/** Before the back-off of a restart has passed, no pane is opened. */
function isHeld(agent: AgentState, type: ActionType, nowMs: number): boolean {
  return type === 'pane.open' && restartDelayMs(agent, nowMs) > 0
}

function nextStep(run: RunState, agent: AgentState, observed: Observed): ActionType | null {
  const worktree = observed.agents[agentId(run.id, agent.name)]?.worktree === true
  if (agent.desired === 'cleaned') return cleanStep(agent, worktree)
  if (ended(agent)) return endStep(agent, worktree)
  if (agent.desired === 'stopped') return 'process.terminate'
  if (agent.status === 'queued') return agent.worktreeState === 'absent' ? 'worktree.add' : 'pane.open'
  if (agent.status === 'starting') return startStep(run, agent, observed)
  if (agent.status === 'waiting' && worktree && !isPublished(agent)) return 'branch.publish'
  return null
}

/** After its end a candidate is captured once more: that snapshot is the final one until the agent is started again. */
function endStep(agent: AgentState, worktree: boolean): ActionType | null {
  // Made, perhaps only half, just before a crash, for a program that never began: nothing of anyone's is in it.
  if (agent.worktreeState === 'absent') return worktree ? 'worktree.remove' : null
  const captured = agent.capture?.final === true || agent.captureProblem !== null
  if (!captured) return isRecoverable(agent) ? 'candidate.capture' : null
  return agent.captureProblem === null && worktree && !isPublished(agent) ? 'branch.publish' : null
}

function startStep(run: RunState, agent: AgentState, observed: Observed): ActionType | null {
  if (agent.pane === null) return 'pane.open'
  const pane = paneOf(run, agent, observed)
  const started = observed.agents[agentId(run.id, agent.name)]?.started ?? null
  return pane !== null && !pane.dead && started === null ? 'gate.release' : null
}

function cleanStep(agent: AgentState, worktree: boolean): ActionType | null {
  if (!ended(agent)) return 'process.terminate'
  if (agent.pane !== null) return 'pane.close'
  const known = agent.worktreeState === 'present' || agent.worktreeState === 'lost'
  return known || worktree ? 'worktree.remove' : null
}

/** The pane that the state knows for an agent, as its server shows it now; null when it is not there. */
export function paneOf(run: RunState, agent: AgentState, observed: Observed): ObservedPane | null {
  if (agent.pane === null) return null
  const server = observed.servers[agent.pane.server.socket]
  if (server === undefined || server.pid !== agent.pane.server.pid) return null
  const id = agentId(run.id, agent.name)
  return server.panes.find((pane) => pane.id === agent.pane?.id && pane.agent === id) ?? null
}
