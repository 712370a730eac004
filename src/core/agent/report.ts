import type { EventData } from '../event.ts'
import type { AgentState } from '../state.ts'

/** Adds one answer of the model to the agent's counts; an agent whose model answers has no trouble any more. */
export function addTurn(agent: AgentState, { usage, costUsd }: EventData['agent.turned']): AgentState {
  return {
    ...agent,
    trouble: null,
    turns: agent.turns + 1,
    tokensIn: agent.tokensIn + usage.inputTokens,
    tokensOut: agent.tokensOut + usage.outputTokens,
    costUsd: agent.costUsd === null || costUsd === null ? null : agent.costUsd + costUsd,
  }
}

/** Keeps a reported text as the agent's trouble if it begins with an error code. */
export function withTrouble(agent: AgentState, text: string): AgentState {
  return /^KAGE_[A-Z_]+: /.test(text) ? { ...agent, trouble: firstLine(text) } : agent
}

/** The first line of a report, at most 200 characters of it. */
export function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 200)
}
