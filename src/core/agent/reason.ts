import type { AgentState } from '../state.ts'

/** Why an agent has its status, with what nobody would expect of it: that its worktree is not there any more. */
export function reasonOf({ reason, worktreeState }: Pick<AgentState, 'reason' | 'worktreeState'>): string {
  return worktreeState === 'lost' ? `${reason}; its worktree was removed by someone else` : reason
}
