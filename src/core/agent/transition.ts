import type { Exit, KageEvent } from '../event.ts'
import { type AgentState, type AgentStatus, ended } from '../state.ts'

/** What one event makes of one agent: its status with the reason, the source and the time of it. */
export function reduceAgent(agent: AgentState, event: KageEvent): AgentState {
  // What comes late, after an agent's end, still adds its facts but never brings the agent back.
  const become = (status: AgentStatus, reason: string, source: string): AgentState =>
    ended(agent) && event.type !== 'agent.requeued'
      ? agent
      : { ...agent, status, reason, source, since: event.at }
  switch (event.type) {
    case 'worktree.added':
      return {
        ...become('starting', 'its pane is being opened', 'git'),
        worktreeState: 'present',
        gitDir: event.data.gitDir,
      }
    case 'worktree.lost':
      return { ...agent, worktreeState: 'lost' }
    case 'worktree.removed':
      return { ...agent, worktreeState: agent.worktreeState === 'absent' ? 'absent' : 'removed' }
    case 'pane.opened':
      return {
        ...become('starting', 'its pane is open, its program is being started', 'tmux'),
        pane: { server: event.data.server, id: event.data.pane },
      }
    case 'pane.lost':
    case 'pane.closed':
      return { ...agent, pane: null }
    case 'agent.started':
      if (ended(agent)) return agent
      return { ...become('working', 'its program runs', 'launcher'), process: event.data.process }
    case 'agent.reported':
      return become(event.data.status, event.data.message, 'agent')
    case 'agent.interrupted':
      return { ...agent, interrupted: true }
    case 'agent.paused':
      return become('paused', `paused by ${event.data.by}`, 'kage')
    case 'agent.resumed':
      return become('working', `resumed by ${event.data.by}`, 'kage')
    case 'agent.requeued':
      return {
        ...become('queued', `started again by ${event.data.by}`, 'kage'),
        desired: 'running',
        attempt: event.data.attempt,
        pane: null,
        process: null,
        interrupted: false,
        exit: null,
        capture: agent.capture === null ? null : { ...agent.capture, final: false },
        captureProblem: null,
      }
    case 'agent.stopping':
      return { ...agent, desired: 'stopped' }
    case 'agent.exited':
      if (ended(agent)) return agent
      return afterExit(agent, event.data, event.at)
    case 'agent.failed':
      return { ...become('failed', event.data.message, 'kage'), desired: 'stopped', process: null }
    case 'agent.doubted':
      return become('unknown', event.data.message, 'process table')
    case 'run.cleaning':
      return { ...agent, desired: 'cleaned' }
    case 'candidate.captured':
      return { ...agent, capture: event.data, captureProblem: null }
    case 'candidate.failed':
      return { ...agent, captureProblem: event.data.message }
    default:
      return agent
  }
}

/** A program's end by its exit status: 0 is done; an end that the person asked for is stopped; anything else failed. */
function afterExit(agent: AgentState, exit: Exit, at: string): AgentState {
  const asked = agent.desired !== 'running' || (agent.interrupted && exit.code !== 0)
  const status: AgentStatus = asked ? 'stopped' : exit.code === 0 ? 'done' : 'failed'
  const reason = asked
    ? `${agent.desired === 'running' ? 'interrupted' : 'stopped'}: ${exit.message}`
    : exit.message
  const desired = agent.desired === 'running' ? 'stopped' : agent.desired
  return { ...agent, status, reason, source: exit.source, since: at, desired, process: null, exit }
}
