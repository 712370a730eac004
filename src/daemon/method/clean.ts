import { settled } from '../../core/agent/status.ts'
import { decideClean } from '../../core/decide/clean.ts'
import { KageError } from '../../core/error.ts'
import type { EventDraft } from '../../core/event.ts'
import { agentId } from '../../core/id.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { type AgentState, ended, type RunState } from '../../core/state.ts'
import { captureEvent, captureIfThere } from '../candidates.ts'
import type { Parts } from '../parts.ts'
import { subjectOf, until } from './look.ts'

/** Removes worktrees and panes of ended runs, after a last look that nothing unsaved goes with them. */
export async function clean(parts: Parts, params: PersonParams['clean']): Promise<Results['clean']> {
  const asked = await runsToClean(parts, params)
  const runs = await lastCaptured(parts, asked)
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
  const kept = await removal(parts, runs, verdict.events)
  if (kept.length > 0) {
    throw new KageError('KAGE_WORKTREE_KEPT', `Could not be cleaned: ${kept.join('; ')}`)
  }
  return { removed: asked.flatMap((run) => run.agents.map((agent) => agentId(run.id, agent.name))) }
}

/**
 * The runs of which anything is left, as they are once each that has ended has its last snapshots: until then all its
 * work would look unsaved.
 */
async function lastCaptured(parts: Parts, runs: readonly RunState[]): Promise<RunState[]> {
  const now = (): RunState[] => runs.map((run) => parts.kernel.state.runs[run.id] ?? run)
  await until(parts, () => now().every((run) => settled(run) || !run.agents.every(ended)), null)
  return now().filter((run) => !run.agents.every((agent) => ended(agent) && gone(agent)))
}

/** Begins the removal and resolves when all is gone or given up; answers with what remains, and why. */
async function removal(
  parts: Parts,
  runs: readonly RunState[],
  events: readonly EventDraft[],
): Promise<string[]> {
  const reasons = new Map<string, string>()
  const end = parts.kernel.listen((heard) => {
    for (const { type, run, agent, data } of heard)
      if (type === 'worktree.kept') reasons.set(agentId(run ?? '', agent ?? ''), data.message)
  })
  const left = (): { id: string; agent: AgentState }[] =>
    runs.flatMap(({ id }) =>
      (parts.kernel.state.runs[id]?.agents ?? [])
        .filter((agent) => !gone(agent))
        .map((agent) => ({ id: agentId(id, agent.name), agent })),
    )
  try {
    await parts.kernel.append(events)
    await until(parts, () => left().every(({ agent }) => agent.desired !== 'cleaned'), null)
    return left().map(({ id, agent }) => `${id}: ${reasons.get(id) ?? agent.worktree}`)
  } finally {
    end()
  }
}

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
  const now = await captureIfThere(own, run, agent)
  return now === null ? null : captureEvent(parts.kernel, run, agent.name, now)
}

function gone(agent: AgentState): boolean {
  return agent.pane === null && (agent.worktreeState === 'removed' || agent.worktreeState === 'absent')
}
