import { decideClean } from '../../core/decide/clean.ts'
import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { type AgentState, ended, type RunState } from '../../core/state.ts'
import { captureEvent, captureNow } from '../candidates.ts'
import type { Parts } from '../parts.ts'
import { subjectOf, until } from './look.ts'

/** Removes worktrees and panes of ended runs, after a last look that nothing unsaved goes with them. */
export async function clean(parts: Parts, params: PersonParams['clean']): Promise<Results['clean']> {
  const runs = await runsToClean(parts, params)
  const unsaved: string[] = []
  for (const run of runs) {
    // What is being cleaned already was looked at when that was decided.
    for (const agent of run.agents.filter((each) => ended(each) && each.desired !== 'cleaned')) {
      const event = await unsavedWork(parts, run, agent)
      if (event === null) continue
      if (params.force) await parts.kernel.append([event])
      unsaved.push(agentId(run.id, agent.name))
    }
  }
  const verdict = decideClean(
    runs.map((run) => parts.kernel.state.runs[run.id] ?? run),
    { unsaved },
    params.force,
  )
  if ('refusal' in verdict)
    throw new KageError(verdict.refusal.code, verdict.refusal.message, verdict.refusal.hint)
  await parts.kernel.append(verdict.events)
  await until(parts, () => runs.every((run) => parts.kernel.state.runs[run.id]?.agents.every(gone)), limitMs)
  const left = runs.flatMap((run) =>
    (parts.kernel.state.runs[run.id]?.agents ?? []).filter((agent) => !gone(agent)),
  )
  if (left.length > 0) {
    const message = `Could not be removed: ${left.map((agent) => agent.worktree).join(', ')}.`
    throw new KageError(
      'KAGE_WORKTREE_MISSING',
      message,
      'Nothing of it was lost; the log of the daemon says why.',
    )
  }
  return { removed: runs.flatMap((run) => run.agents.map((agent) => agentId(run.id, agent.name))) }
}

const limitMs = 60_000

async function runsToClean(parts: Parts, params: PersonParams['clean']): Promise<RunState[]> {
  if (params.id !== null) return [(await subjectOf(parts, { repo: params.repo, id: params.id })).run]
  const key = await parts.repositories.keyOf(params.repo)
  return Object.values(parts.kernel.state.runs).filter(
    (run) => run.repository.key === key && run.agents.every(ended) && !run.agents.every(gone),
  )
}

/** The capture of an ended agent's worktree that its last one does not hold; the worktree alone knew of it. */
async function unsavedWork(
  parts: Parts,
  run: RunState,
  agent: AgentState,
): Promise<ReturnType<typeof captureEvent>> {
  const own = await parts.repositories.own(await parts.repositories.ofRecord(run.repository))
  // What cannot be looked at any more is gone already: its last capture stands.
  const now = await captureNow(own, run, agent).catch((thrown: unknown) => {
    if (thrown instanceof KageError && thrown.code === 'KAGE_WORKTREE_MISSING') return null
    throw thrown
  })
  return now === null ? null : captureEvent(run, agent, now)
}

function gone(agent: AgentState): boolean {
  return agent.pane === null && (agent.worktreeState === 'removed' || agent.worktreeState === 'absent')
}
