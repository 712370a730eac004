import type { AgentState, AgentStatus } from '../state.ts'

/** A status of an agent with its reason and where it comes from. */
export type ToldStatus = Pick<AgentState, 'status' | 'reason' | 'source'>

/** Makes a status from its three parts. */
export function told(status: AgentStatus, reason: string, source: string): ToldStatus {
  return { status, reason, source }
}
