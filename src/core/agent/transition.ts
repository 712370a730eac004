import type { EventType, KageEvent } from '../event.ts'
import { withoutFailures } from '../retry.ts'
import { type AgentState, ended } from '../state.ts'
import { type AgentRow, agentRows } from './event-rows.ts'
import type { Told } from './told.ts'

/** The agent after one more event; an event that comes after its end adds its facts but does not bring the agent back. */
export function reduceAgent(before: AgentState, event: KageEvent): AgentState {
  const hadEnded = ended(before)
  // The table pairs each type of event with functions of events of that type.
  const row = agentRows[event.type] as AgentRow<EventType> | null
  const { outbox } = event.data as Told
  const read = outbox === undefined ? before : { ...before, outbox }
  if (row === null) return read
  const reported = row.report?.(read, event) ?? read
  const agent = row.succeeded === undefined ? reported : withoutFailures(reported, row.succeeded)
  const status = hadEnded && row.late !== true ? null : (row.status?.(agent, event) ?? null)
  const told = status === null ? agent : { ...agent, ...status, since: event.at }
  return row.facts?.(told, event, hadEnded) ?? told
}
