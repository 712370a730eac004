import { failureWords } from '../retry.ts'
import type { AgentState } from '../state.ts'

/** Why an agent has its status, followed by what the person may not expect: a lost worktree, effects that fail. */
export function reasonOf(agent: Pick<AgentState, 'reason' | 'worktreeState' | 'failures'>): string {
  const lost = agent.worktreeState === 'lost' ? 'its worktree was removed by someone else' : ''
  return [agent.reason, lost, failureWords(agent)].filter((part) => part !== '').join('; ')
}
