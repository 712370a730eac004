import { enumerateCandidates } from '../adapters/git/enumerate.ts'
import type { Own } from '../adapters/git/own.ts'
import { snapshot } from '../adapters/git/snapshot.ts'
import { draft } from '../core/draft.ts'
import type { Capture, EventDraft } from '../core/event.ts'
import type { Candidate } from '../core/merge/change.ts'
import { type AgentState, ended, type RunState } from '../core/state.ts'
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

/** The fact that a capture adds, if it is another one than the last. */
export function captureEvent(run: RunState, agent: AgentState, capture: Capture): EventDraft | null {
  const last = agent.capture
  if (last !== null && last.tree === capture.tree && last.final === capture.final) return null
  return draft('candidate.captured', run.id, agent.name, capture)
}

/** Every agent's candidate as it is now, in the run's order; agents that have produced nothing yet are left out. */
export async function candidatesOf(kernel: Kernel, own: Own, run: RunState): Promise<Candidate[]> {
  const captures = await Promise.all(
    run.agents.map(async (agent) => {
      // An agent may remove its worktree while it is looked at: its last capture stands then.
      const now = await captureNow(own, run, agent).catch(() => null)
      const event = now === null ? null : captureEvent(run, agent, now)
      return { agent: agent.name, capture: now ?? agent.capture, event }
    }),
  )
  await kernel.append(captures.flatMap(({ event }) => (event === null ? [] : [event])))
  const trees = captures.flatMap(({ agent, capture }) =>
    capture === null ? [] : [{ agent, tree: capture.tree }],
  )
  return trees.length === 0 ? [] : enumerateCandidates(own, run.base, trees)
}
