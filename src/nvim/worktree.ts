import { join } from 'node:path'
import type { AgentState, RunState } from '../core/state.ts'
import type { Call } from './call.ts'
import type { Context } from './context.ts'
import { pathIn, placeOf } from './place.ts'
import { agentsOf, type Subject } from './subject.ts'

type Owner = Subject & { readonly agent: AgentState }

/** The agents of some runs whose worktrees are there, in their order. */
export function worktreesOf(runs: readonly RunState[]): Owner[] {
  return agentsOf(runs).filter(({ agent }) => agent.worktreeState === 'present')
}

/** Shows an agent's worktree in the tab page for worktrees, with the file the person is at where it has that too. */
export async function showWorktree(
  { editor }: Context,
  { path, directory, line }: Pick<Call, 'path' | 'directory' | 'line'>,
  { id, agent }: Owner,
): Promise<void> {
  const root = (await placeOf(directory).catch(() => null))?.root
  const inside = path === null || root === undefined ? null : pathIn(root, path)
  const file = inside === null ? null : join(agent.worktree, inside)
  await editor.ask('tab', 'show', { agent: id, worktree: agent.worktree, file, line })
}
