import { draft } from '../draft.ts'
import type { EventDraft, RunStarted } from '../event.ts'
import type { AgentState } from '../state.ts'
import { agentKinds } from './kind.ts'

/** What an agent's state keeps of its silence. */
export interface StalledState {
  /** When it gave its last sign of life, where Kage has told that it stalled; else null. */
  readonly stalled: string | null
}

/**
 * The event that an agent at work has stalled, or stirs again. Its signs of life are what it printed and what it reported:
 * `lastSignMs` is the time of the latest, null where nothing was looked at.
 */
export function stallEvents(
  run: Pick<RunStarted, 'attentionMs'> & { readonly id: string },
  agent: AgentState,
  lastSignMs: number | null,
  nowMs: number,
): EventDraft[] {
  const { attentionMs } = run
  if (attentionMs === undefined || lastSignMs === null || agent.status !== 'working') return []
  const signMs = Math.max(lastSignMs, Date.parse(agent.since))
  const isQuiet = nowMs - signMs >= attentionMs
  if (agent.stalled !== null) return isQuiet ? [] : [draft('agent.stirred', run.id, agent.name, {})]
  if (!isQuiet) return []
  const signs = agentKinds[agent.kind].reports === 'outbox' ? 'no output and no report' : 'no output'
  const message = `${signs} for ${Math.round((nowMs - signMs) / 1000)} s`
  const lastSign = new Date(signMs).toISOString()
  return [draft('agent.stalled', run.id, agent.name, { lastSign, message })]
}

/** The silence of an agent in words; empty where it is not known to have stalled. */
export function stallWords({ stalled, status }: Pick<AgentState, 'stalled' | 'status'>): string {
  return stalled === null || status !== 'working' ? '' : `stalled: no sign of life since ${stalled}`
}
