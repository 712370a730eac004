import { alteredParts, fingerprint } from '../adapters/git/fingerprint.ts'
import type { Repository } from '../adapters/git/repository.ts'
import { gitDirOf } from '../adapters/git/worktree-link.ts'
import { draft } from '../core/draft.ts'
import { agentId } from '../core/id.ts'
import type { RunState } from '../core/state.ts'
import type { Kernel } from './kernel.ts'

/**
 * What could make git run code and is not as it was when the run began, as warnings; a new finding is an event. Kage itself
 * reads nothing of it; the person's own git does.
 */
export async function alarms(kernel: Kernel, run: RunState, repository: Repository): Promise<string[]> {
  const parts = alteredParts(run.fingerprint, await fingerprint(repository))
  const strays = await Promise.all(run.agents.map((agent) => strayLink(run, agent)))
  const altered = [...parts, ...strays.filter((part) => part !== null)]
  if (altered.join('\n') !== run.altered.join('\n')) {
    await kernel.append([draft('repository.altered', run.id, null, { parts: altered })])
  }
  return altered.map(
    (part) => `${part} is not as it was when ${run.id} began: git may run what it says. Look at it.`,
  )
}

/** The worktree whose .git entry leads elsewhere than to the git directory that was made for it. */
async function strayLink(run: RunState, agent: RunState['agents'][number]): Promise<string | null> {
  if (agent.worktreeState !== 'present' || agent.gitDir === null) return null
  return (await gitDirOf(agent.worktree)) === agent.gitDir
    ? null
    : `the .git entry of ${agentId(run.id, agent.name)}`
}
