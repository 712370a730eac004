import { enumerateCandidates } from '../adapters/git/enumerate.ts'
import type { Own } from '../adapters/git/own.ts'
import { snapshot } from '../adapters/git/snapshot.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import type { Capture, EventDraft } from '../core/event.ts'
import type { Candidate } from '../core/merge/change.ts'
import { agentOf, type AgentState, ended, type RunState } from '../core/state.ts'
import type { Kernel } from './kernel.ts'

/** A snapshot of an agent's worktree now; null when it has none to look at. */
export async function captureNow(own: Own, run: RunState, agent: AgentState): Promise<Capture | null> {
  if (agent.worktreeState !== 'present' || agent.gitDir === null) return null
  const name = `${run.id}/${run.agents.findIndex((each) => each.name === agent.name)}`
  const { worktree: workTree, gitDir } = agent
  const { tree, commit, changed } = await snapshot(own, {
    workTree,
    gitDir,
    base: run.base,
    settings: run.settings,
    name,
  })
  return { tree, commit, changed, final: ended(agent) }
}

/** The same; null, too, where somebody removed the worktree: its last capture stands. */
export async function captureIfThere(own: Own, run: RunState, agent: AgentState): Promise<Capture | null> {
  return captureNow(own, run, agent).catch((thrown: unknown) => {
    if (thrown instanceof KageError && thrown.code === 'KAGE_WORKTREE_MISSING') return null
    throw thrown
  })
}

/** The fact that a capture adds: none if it is like the last one, or if the agent has ended since it was begun. */
export function captureEvent(
  kernel: Kernel,
  run: RunState,
  name: string,
  capture: Capture,
): EventDraft | null {
  const agent = agentOf(kernel.state, run.id, name)
  if (agent === null || (ended(agent) && !capture.final)) return null
  const last = agent.capture
  if (last !== null && last.tree === capture.tree && last.final === capture.final) return null
  return draft('candidate.captured', run.id, name, capture)
}

/** Every agent's candidate as it is now, in the run's order; agents that have produced nothing yet are left out. */
export async function candidatesOf(kernel: Kernel, own: Own, run: RunState): Promise<Candidate[]> {
  const captures = await Promise.all(
    run.agents.map(async (agent) => {
      // An agent may remove its worktree while it is looked at: its last capture stands then.
      const now = await captureNow(own, run, agent).catch(() => null)
      return { agent: agent.name, now, capture: now ?? agent.capture }
    }),
  )
  const events = captures.map(({ agent, now }) =>
    now === null ? null : captureEvent(kernel, run, agent, now),
  )
  await kernel.append(events.filter((event) => event !== null))
  const trees = captures.flatMap(({ agent, capture }) =>
    capture === null ? [] : [{ agent, tree: capture.tree }],
  )
  return trees.length === 0 ? [] : enumerateCandidates(own, run.base, trees)
}

/** Every agent's candidate as it was last captured. */
export async function capturedCandidates(own: Own, run: RunState): Promise<Candidate[]> {
  const trees = run.agents.flatMap(({ name: agent, capture }) =>
    capture === null ? [] : [{ agent, tree: capture.tree }],
  )
  return trees.length === 0 ? [] : enumerateCandidates(own, run.base, trees)
}
