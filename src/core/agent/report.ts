import type { Told } from './told.ts'
import type { EventData, KageEvent } from '../event.ts'
import type { AgentState } from '../state.ts'

/** What an agent's own report adds to what is known of it: what it used, what it did last, and how far its outbox is read. */
export function addReport(agent: AgentState, event: KageEvent): AgentState {
  const { outbox } = event.data as Told
  const read = outbox === undefined ? agent : { ...agent, outbox }
  switch (event.type) {
    case 'agent.turned':
      return addTurn(read, event.data)
    case 'agent.said':
      return withTrouble({ ...read, activity: firstLine(event.data.text) }, event.data.text)
    case 'agent.reported': {
      const { status, message } = event.data
      return withTrouble({ ...read, question: status === 'waiting' ? message : null }, message)
    }
    case 'agent.finished': {
      const summary = firstLine(event.data.summary)
      return { ...read, activity: summary, summary }
    }
    case 'tool.called':
      return { ...read, activity: `${event.data.tool} ${event.data.subject}`.trimEnd() }
    case 'provider.failed':
      return withTrouble({ ...read, activity: firstLine(event.data.message) }, event.data.message)
    default:
      return read
  }
}

function withTrouble(agent: AgentState, text: string): AgentState {
  return /^KAGE_[A-Z_]+: /.test(text) ? { ...agent, trouble: firstLine(text) } : agent
}

function addTurn(agent: AgentState, { usage, costUsd }: EventData['agent.turned']): AgentState {
  return {
    ...agent,
    // What answers is no trouble any more.
    trouble: null,
    turns: agent.turns + 1,
    tokensIn: agent.tokensIn + usage.inputTokens,
    tokensOut: agent.tokensOut + usage.outputTokens,
    costUsd: agent.costUsd === null || costUsd === null ? null : agent.costUsd + costUsd,
  }
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 200)
}
