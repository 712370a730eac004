import { decideSpawn } from '../../src/core/decide/spawn.ts'
import { draft } from '../../src/core/draft.ts'
import type { EventData, EventDraft, EventType, KageEvent } from '../../src/core/event.ts'
import { reduce } from '../../src/core/reduce.ts'
import { type AgentState, agentOf, emptyState, type State } from '../../src/core/state.ts'
import { goodFacts, plainRequest } from './spawn-facts.ts'

/** One event about the only agent, by its type and data. */
export type Told = { readonly [T in EventType]: readonly [type: T, data: EventData[T]] }[EventType]

/** The state after a run of one agent, `r1/coder`, was started and these events were told of it. */
export function stateAfter(...told: readonly Told[]): State {
  return storyOf(...told).state
}

/** The events of that story with the state they fold to. */
export function storyOf(...told: readonly Told[]): { events: KageEvent[]; state: State } {
  const verdict = decideSpawn(emptyState, { ...plainRequest, task: 't', count: 1 }, goodFacts)
  if ('refusal' in verdict) throw new Error(verdict.refusal.message)
  const drafts = [
    ...verdict.events,
    ...told.map(([type, data]): EventDraft => draft(type, 'r1', 'coder', data as never)),
  ]
  const events = drafts.map(event)
  return { events, state: events.reduce(reduce, emptyState) }
}

/** The agent after these events. */
export function agentAfter(...told: readonly Told[]): AgentState {
  const agent = agentOf(stateAfter(...told), 'r1', 'coder')
  if (agent === null) throw new Error('the agent is not there')
  return agent
}

function event(each: EventDraft, index: number): KageEvent {
  return {
    ...each,
    seq: index + 1,
    id: `e${index}`,
    at: `2026-01-01T00:00:${String(index).padStart(2, '0')}.000Z`,
    v: 1,
  }
}

export const server: EventData['pane.opened']['server'] = { socket: '/s', pid: 1, startedAt: 1 }
export const program: EventData['agent.started']['process'] = {
  pid: 7,
  startTicks: 70,
  bootId: 'b',
  launcherPid: 6,
}
export const begun: readonly Told[] = [
  ['worktree.added', { gitDir: '/g' }],
  ['pane.opened', { server, pane: '%1', attempt: 1, gate: 'g' }],
  ['agent.started', { process: program }],
]

/** An end as its exit file tells it. */
export function exited(code: number | null, signal: string | null = null): Told {
  return ['agent.exited', { code, signal, source: 'exit file', message: signal ?? `exit ${code}` }]
}
