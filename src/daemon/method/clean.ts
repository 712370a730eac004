import { archivedOf } from '../../core/archive/archive.ts'
import type { KnownAgent, ArchivedRun } from '../../core/archive/row.ts'
import type { OutsideWork } from '../../core/agent/outside.ts'
import { settled } from '../../core/agent/status.ts'
import { decideClean, endedBefore } from '../../core/decide/clean.ts'
import { KageError } from '../../core/error.ts'
import type { Capture, EventDraft } from '../../core/event.ts'
import { agentId } from '../../core/id.ts'
import { limit } from '../../core/limit.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { BranchRemoval } from '../../core/protocol/cleaned.ts'
import type { Results } from '../../core/protocol/results.ts'
import { type AgentState, ended, type RunState } from '../../core/state.ts'
import { unstoredRefs } from '../agent-refs.ts'
import { captureEvents, captureIfThere, noteCapture } from '../candidates.ts'
import type { Parts } from '../parts.ts'
import { Slots } from '../slots.ts'
import { type AgentBranch, branchesOf, branchNames, plannedRemoval, removeBranches } from '../run-branches.ts'
import { cleanStrays, findStrays, type Stray } from '../strays.ts'
import { subjectOf, subjectToChange, until } from './look.ts'

/** Removes worktrees and panes of ended runs, after a last look that nothing unsaved goes with them; on request their landed branches, too. */
export async function clean(parts: Parts, params: PersonParams['clean']): Promise<Results['clean']> {
  const strays = await straysAsked(parts, params)
  if (strays !== null && params.id !== null) {
    const moved = params.dryRun === true ? [] : await cleanStrays(parts, strays, params.force)
    return { removed: strays.map(({ id }) => id), parked: moved, branches: noBranches }
  }
  const asked = await runsAsked(parts, params)
  const runs = await lastCaptured(
    parts,
    asked.filter((run) => params.id !== null || (run.agents.every(ended) && !run.agents.every(gone))),
  )
  const events = await removalOf(parts, runs, params)
  const removed = runs.flatMap((run) =>
    run.agents.filter((agent) => !gone(agent)).map((agent) => agentId(run.id, agent.name)),
  )
  const parked = params.dryRun === true ? [] : await removeRuns(parts, runs, events, removed)
  return { removed, parked, branches: await removeBranchesOf(parts, asked, params) }
}

const noBranches: BranchRemoval = { deleted: [], parked: [], open: [] }

/** Stray agents of the run that is named; null where the store knows it or nothing of it is there. */
async function straysAsked(parts: Parts, { repo, id }: PersonParams['clean']): Promise<Stray[] | null> {
  const run = id?.split('/')[0] ?? ''
  if (id === null || !/^r\d+$/.test(run) || isKnown(parts, run)) return null
  const found = await findStrays(parts, await parts.repositories.keyOf(repo))
  const named = found.filter((stray) => stray.run === run && (!id.includes('/') || stray.id === id))
  return named.length === 0 ? null : named
}

function isKnown({ kernel }: Parts, run: string): boolean {
  return Object.hasOwn(kernel.state.runs, run) || kernel.isArchived(run)
}

/** The events that begin the removal, or the refusal; with `force` unsaved work is captured first. */
async function removalOf(
  parts: Parts,
  runs: readonly RunState[],
  { force, dryRun }: PersonParams['clean'],
): Promise<readonly EventDraft[]> {
  const unsaved: string[] = []
  const outside: OutsideWork[] = []
  const refs: string[] = []
  for (const { run, agent, refs: named, now } of await inspected(parts, runs)) {
    refs.push(...named)
    if (now === null) continue
    outside.push({ ...now, agent: agentId(run.id, agent.name) })
    if (captureEvents(parts.kernel, run, agent.name, now, null).length === 0) continue
    if (force && dryRun !== true) {
      const own = await parts.repositories.own(await parts.repositories.ofRecord(run.repository))
      await noteCapture(parts, own, run, agent.name, now)
    }
    unsaved.push(agentId(run.id, agent.name))
  }
  const current = runs.map((run) => parts.kernel.state.runs[run.id] ?? run)
  const verdict = decideClean(current, { unsaved, outside, refs }, force)
  if ('refusal' in verdict)
    throw new KageError(verdict.refusal.code, verdict.refusal.message, verdict.refusal.hint)
  return verdict.events
}

interface Inspected {
  readonly run: RunState
  readonly agent: AgentState
  readonly refs: readonly string[]
  readonly now: Capture | null
}

/** What the agents' worktrees and refs hold now, in order; what is being cleaned already was looked at when that was decided. */
function inspected(parts: Parts, runs: readonly RunState[]): Promise<Inspected[]> {
  const slots = new Slots(limit.inspectionsAtOnce)
  const agents = runs.flatMap((run) => run.agents.map((agent) => ({ run, agent })))
  const asked = agents.filter(({ agent }) => ended(agent) && agent.desired !== 'cleaned')
  return Promise.all(
    asked.map(({ run, agent }) =>
      slots.run(async () => {
        const refs = await refsOnlyThere(parts, run, agent)
        return { run, agent, refs, now: await captureOf(parts, run, agent) }
      }),
    ),
  )
}

async function removeRuns(
  parts: Parts,
  runs: readonly RunState[],
  events: readonly EventDraft[],
  planned: readonly string[],
): Promise<Results['clean']['parked']> {
  const { kept, parked } = await removal(parts, runs, events)
  for (const { repository } of runs) parts.upkeep.plan(repository)
  if (kept.length === 0) return parked
  const also = parked.map(({ path, place }) => `${path} was stored at ${place}`)
  const why = [...kept.map(({ id, reason }) => `${id}: ${reason}`), ...also].join('; ')
  const removed = planned.filter((id) => kept.every((each) => each.id !== id))
  const details = { removed, parked }
  throw new KageError('KAGE_WORKTREE_KEPT', `Could not be cleaned: ${why}`, undefined, details)
}

async function removeBranchesOf(
  parts: Parts,
  asked: readonly RunState[],
  { branches, force, dryRun }: PersonParams['clean'],
): Promise<BranchRemoval> {
  if (branches !== true) return noBranches
  const found: AgentBranch[] = []
  for (const { id } of asked) {
    const run = wholeRun(parts, id)
    if (run?.agents.every(ended) === true) found.push(...(await branchesOf(parts, run)))
  }
  return dryRun === true ? plannedRemoval(found, force) : removeBranches(parts, found, force)
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

interface Removal {
  /** What remains, each with the reason. */
  readonly kept: readonly { readonly id: string; readonly reason: string }[]
  readonly parked: Results['clean']['parked']
}

/** Begins the removal and resolves when all is gone or given up. */
async function removal(
  parts: Parts,
  runs: readonly RunState[],
  events: readonly EventDraft[],
): Promise<Removal> {
  const reasons = new Map<string, string>()
  const parked: Results['clean']['parked'][number][] = []
  const end = parts.kernel.listen((heard) => {
    for (const { type, run, agent, data } of heard) {
      const id = agentId(run ?? '', agent ?? '')
      if (type === 'worktree.kept') reasons.set(id, data.message)
      if (type === 'work.parked') parked.push({ agent: id, ...data })
    }
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
    const kept = left().map(({ id, agent }) => ({ id, reason: reasons.get(id) ?? agent.worktree }))
    return { kept, parked }
  } finally {
    end()
  }
}

/** The run that was named, or those of the repository, as far as all their agents ended long enough ago. */
async function runsAsked(parts: Parts, params: PersonParams['clean']): Promise<RunState[]> {
  const { repo, id, olderThanDays } = params
  const isOld = (run: RunState): boolean =>
    olderThanDays === undefined || olderThanDays === null || endedBefore(run, olderThanDays, Date.now())
  const subject = params.dryRun === true ? subjectOf : subjectToChange
  if (id !== null) return [(await subject(parts, { repo, id })).run].filter(isOld)
  const key = await parts.repositories.keyOf(repo)
  const archived = await archivedToClean(parts, key, params)
  const back = archived.filter(({ agents }) => !agents.every(gone))
  if (params.dryRun !== true) for (const run of back) await parts.kernel.reopen(run.id)
  const live = Object.values(parts.kernel.state.runs).filter(({ repository }) => repository.key === key)
  const others = archived.flatMap((run) => wholeRun(parts, run.id) ?? [])
  return [...live, ...others.filter((run) => !live.includes(run))].filter(isOld)
}

function wholeRun({ kernel }: Parts, id: string): RunState | undefined {
  return kernel.stateWith(id).runs[id]
}

/** The archived runs of which worktrees or panes are left, or where branches are to go, too, branches. */
async function archivedToClean(
  { kernel, repositories }: Parts,
  key: string,
  { repo, branches, olderThanDays }: PersonParams['clean'],
): Promise<readonly ArchivedRun[]> {
  const { archive } = kernel.state
  const rows = archivedOf(archive, key).filter(
    (run) =>
      olderThanDays === undefined || olderThanDays === null || endedBefore(run, olderThanDays, Date.now()),
  )
  const left = rows.filter(({ agents }) => !agents.every(gone))
  if (branches !== true || rows.length === 0) return left
  const names = await branchNames(await repositories.known(repo))
  return rows.filter((run) => left.includes(run) || run.agents.some(({ branch }) => names.has(branch)))
}

/** What an ended agent's worktree holds now; refuses where that cannot be captured, since the worktree alone knows it. */
async function captureOf(parts: Parts, run: RunState, agent: AgentState): Promise<Capture | null> {
  const own = await parts.repositories.own(await parts.repositories.ofRecord(run.repository))
  return captureIfThere(own, run, agent).catch((thrown: unknown) => {
    if (!(thrown instanceof KageError)) throw thrown
    const message = `The work of ${agentId(run.id, agent.name)} cannot be captured: ${thrown.message}`
    throw new KageError(
      'KAGE_WORK_UNSAVED',
      message,
      `Nothing was removed. Its worktree is ${agent.worktree}.`,
    )
  })
}

/** Refs and stash entries that nothing but the agent's own git directory holds, with the agent's name. */
async function refsOnlyThere(parts: Parts, run: RunState, agent: AgentState): Promise<string[]> {
  const repository = await parts.repositories.ofRecord(run.repository)
  const own = await parts.repositories.own(repository)
  const named = await unstoredRefs({ own, repository, run, agent })
  return named.map(({ name }) => `${name} of ${agentId(run.id, agent.name)}`)
}

function gone(agent: KnownAgent): boolean {
  return agent.pane === null && (agent.worktreeState === 'removed' || agent.worktreeState === 'absent')
}
