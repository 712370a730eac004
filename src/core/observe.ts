import { agentsOf } from './agent/kind.ts'
import { restartEvents } from './agent/restart.ts'
import { stallEvents } from './agent/stalled.ts'
import { reduceAgent } from './agent/transition.ts'
import { draft } from './draft.ts'
import type { EventData, EventDraft, EventType, Exit, KageEvent } from './event.ts'
import { agentId } from './id.ts'
import type { Observed, ObservedAgent, ObservedPane } from './observed.ts'
import { paneOf } from './reconcile.ts'
import { reportEvents } from './reports.ts'
import { type AgentState, ended, type RunState, type State } from './state.ts'

/** The facts that an observation adds to the state: programs that began or ended, panes and worktrees that are gone. */
export function observe(state: State, observed: Observed, nowMs: number): EventDraft[] {
  const events: EventDraft[] = []
  for (const run of Object.values(state.runs)) {
    for (const agent of agentsOf(run)) events.push(...observeAgent(run, agent, observed, nowMs))
  }
  return events
}

/** The fact that the worktree of an agent is gone. */
export function worktreeLost(run: string, agent: string): EventDraft {
  return draft('worktree.lost', run, agent, { message: 'its worktree was removed by someone else' })
}

/** Whether what was seen of an agent still says something after it changed: what it told of itself meanwhile takes nothing from that. */
export function isSeenAlike(before: AgentState | null, now: AgentState | null): boolean {
  if (before === null || now === null || before === now) return before === now
  return (
    before.attempt === now.attempt &&
    before.desired === now.desired &&
    before.worktreeState === now.worktreeState &&
    before.pane === now.pane &&
    before.process === now.process &&
    before.exit === now.exit &&
    ended(before) === ended(now) &&
    (before.status === 'queued') === (now.status === 'queued')
  )
}

function observeAgent(run: RunState, agent: AgentState, observed: Observed, nowMs: number): EventDraft[] {
  const seen = observed.agents[agentId(run.id, agent.name)]
  if (seen === undefined) return []
  const tell: Drafter = (type, data) => draft(type, run.id, agent.name, data)
  const events: EventDraft[] = []
  if (agent.worktreeState === 'present' && !seen.worktree) {
    events.push(worktreeLost(run.id, agent.name))
  }
  const pane = paneOf(run, agent, observed)
  const paneKnown = agent.pane !== null && observed.servers[agent.pane.server.socket] !== undefined
  if (paneKnown && pane === null) {
    events.push(tell('pane.lost', { message: lostPane(agent, observed) }))
  }
  if (ended(agent) || agent.status === 'queued') return events
  if (agent.process === null && seen.started !== null) {
    events.push(tell('agent.started', { process: seen.started }))
  }
  const reports = reportEvents(run.id, agent, seen.reports)
  events.push(...reports)
  // Its end is told when all is told that it had to say.
  if (seen.reportsLeft) return events
  const end = observeEnd(agent, seen, pane, paneKnown, tell)
  const [exit] = end
  if (exit?.type !== 'agent.exited')
    return [...events, ...end, ...stallEvents(run, agent, seen.lastSignMs, nowMs)]
  const last = reports.reduce((before, report) => reduceAgent(before, dated(report, nowMs)), agent)
  return [...events, ...end, ...restartEvents(run.id, last, exit.data, nowMs)]
}

/** A report as it will be appended, so that what it makes of the agent counts for its end. */
function dated(report: EventDraft, nowMs: number): KageEvent {
  return { ...report, seq: 0, id: '', at: new Date(nowMs).toISOString(), v: 1 }
}

function lostPane({ pane }: AgentState, { servers }: Observed): string {
  const same = pane !== null && servers[pane.server.socket]?.pid === pane.server.pid
  return same ? 'its pane was closed by someone else' : 'its tmux server is gone'
}

/** An end by the surest source first: the launcher's exit file, tmux's word on a dead pane, the process table. */
function observeEnd(
  agent: AgentState,
  seen: ObservedAgent,
  pane: ObservedPane | null,
  paneKnown: boolean,
  tell: Drafter,
): EventDraft[] {
  if (seen.exit !== null) return [tell('agent.exited', seen.exit)]
  const gone = seen.process === 'gone' || seen.process === 'other'
  const began = agent.process !== null || seen.started !== null
  if (began && !gone) return doubt(agent, paneKnown && pane === null, tell)
  if (pane !== null && pane.dead) return [tell('agent.exited', deadPaneExit(pane))]
  if (began && gone) return [tell('agent.exited', lostExit('its process is gone and left no exit status'))]
  if (paneKnown && pane === null)
    return [tell('agent.exited', lostExit('its pane was gone before its program began'))]
  return []
}

function doubt(agent: AgentState, paneless: boolean, tell: Drafter): EventDraft[] {
  if (!paneless || agent.status === 'unknown') return []
  return [tell('agent.doubted', { message: 'its pane is gone, but its process goes on' })]
}

function deadPaneExit(pane: ObservedPane): Exit {
  const message =
    pane.deadSignal !== null
      ? `ended by signal ${pane.deadSignal}`
      : `ended with exit status ${pane.deadStatus ?? '?'}`
  return { code: pane.deadStatus, signal: pane.deadSignal, source: 'tmux', message }
}

function lostExit(message: string): Exit {
  return { code: null, signal: null, source: 'process table', message }
}

type Drafter = <T extends EventType>(type: T, data: EventData[T]) => EventDraft
