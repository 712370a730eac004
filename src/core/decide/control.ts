import { isRun } from '../agent/kind.ts'
import { draft } from '../draft.ts'
import type { EventDraft } from '../event.ts'
import { agentId } from '../id.ts'
import { type AgentState, ended, type RunState } from '../state.ts'
import { refuse, type Verdict } from './verdict.ts'

export type Control = 'interrupt' | 'pause' | 'resume' | 'stop'

/** Decides a control command over some agents of one run; agents for which it means nothing are passed over. */
export function decideControl(control: Control, run: RunState, agents: readonly AgentState[]): Verdict {
  const events: EventDraft[] = []
  for (const agent of agents) {
    if (agent.desired === 'cleaned') continue
    const event = decideOne(control, run, agent)
    if (event !== null) events.push(event)
  }
  if (events.length > 0 || control === 'stop') return { events }
  const names = agents.map((agent) => `${agentId(run.id, agent.name)} is ${agent.status}`).join(', ')
  return refuse('KAGE_AGENT_STATE', `Nothing to ${control}: ${names || 'no agents'}.`)
}

function decideOne(control: Control, run: RunState, agent: AgentState): EventDraft | null {
  const by = { by: 'you' }
  switch (control) {
    case 'stop':
      return ended(agent) || agent.desired === 'stopped'
        ? null
        : draft('agent.stopping', run.id, agent.name, by)
    case 'interrupt':
      return agent.process === null ? null : draft('agent.interrupted', run.id, agent.name, by)
    case 'pause':
      return agent.process === null || agent.status === 'paused'
        ? null
        : draft('agent.paused', run.id, agent.name, by)
    case 'resume':
      return decideResume(run, agent)
  }
}

/** A paused program goes on; one that failed or was stopped is started again in its worktree, with all its work. */
function decideResume(run: RunState, agent: AgentState): EventDraft | null {
  if (agent.status === 'paused') return draft('agent.resumed', run.id, agent.name, { by: 'you' })
  const again = isRun(agent) && (agent.status === 'failed' || agent.status === 'stopped')
  if (!again || agent.worktreeState === 'removed' || agent.worktreeState === 'lost') return null
  return draft('agent.requeued', run.id, agent.name, { by: 'you', attempt: agent.attempt + 1 })
}
