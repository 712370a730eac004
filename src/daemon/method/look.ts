import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { KageError } from '../../core/error.ts'
import { readEvent } from '../../core/format/read-event.ts'
import { captured, runStatus, settled, uncapturedReason } from '../../core/agent/status.ts'
import { isCutOff, stuckWords } from '../../core/landing-phase.ts'
import { limit } from '../../core/limit.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { DaemonStatus, Results, Shown } from '../../core/protocol/results.ts'
import { kageVersion, protocolVersion } from '../../core/protocol/version.ts'
import { lossWords } from '../../core/reverted.ts'
import { agentView, runView } from '../../core/protocol/view.ts'
import { type BroughtBack, clientPast, clientState } from '../../core/archive/client.ts'
import type { Past } from '../../core/archive/past.ts'
import type { KageEvent } from '../../core/event.ts'
import { pastBefore } from '../past.ts'
import { archivedRuns, lastArchived } from '../../core/archive/archive.ts'
import type { KnownRun } from '../../core/archive/row.ts'
import { agentId, numberOfId } from '../../core/id.ts'
import { ended, type State } from '../../core/state.ts'
import type { Parts } from '../parts.ts'
import { recapture } from '../recapture.ts'
import { replay } from '../restore.ts'
import { findLeftovers, withItsLeftovers, withLeftovers } from '../leftovers.ts'
import { strayViews } from '../strays.ts'
import { findSubject, type Subject } from '../subject.ts'
import { taskOf } from '../task.ts'

/** What the daemon says of itself. */
export function status(parts: Parts): DaemonStatus {
  const agents = Object.values(parts.kernel.state.runs).flatMap((run) => run.agents)
  return {
    pid: process.pid,
    version: kageVersion,
    protocol: protocolVersion,
    socket: parts.socket,
    uptimeMs: Math.round(performance.now() - parts.startedAtMs),
    events: parts.kernel.state.seq,
    agents: agents.filter((agent) => !ended(agent)).length,
    health: parts.health.view,
  }
}

/** The active and the last runs of a repository, or all runs of all. */
export async function ls(parts: Parts, params: PersonParams['ls']): Promise<Results['ls']> {
  const key = params.all ? null : await parts.repositories.keyOf(params.repo ?? '')
  await parts.watch.settled()
  await parts.kernel.settled()
  const shown = listedRuns(parts.kernel.state, key)
  const leftovers = findLeftovers(parts, shown)
  const losses = Object.values(parts.kernel.state.reverted)
    .filter(
      ({ at, acknowledged }) => acknowledged !== true && Date.now() - Date.parse(at) < limit.reversionShownMs,
    )
    .map(lossWords)
  const stuck = Object.values(parts.kernel.state.landings)
    .filter((landing) => isCutOff(landing) && (key === null || landing.repository === key))
    .flatMap((landing) => (landing.stuck === undefined ? [] : [stuckWords(landing, landing.stuck)]))
  const warnings = [...losses, ...stuck]
  const views = shown.map((run) => withLeftovers(runView(run, taskOf(parts.store, run)), leftovers))
  const strays = await strayViews(parts, key)
  return { runs: views, warnings, ...(strays.length === 0 ? {} : { strays }) }
}

/** All runs, or of one repository the last ones and those that are not settled; archived runs by their rows. */
function listedRuns({ runs, archive }: State, key: string | null): KnownRun[] {
  const inOrder = (rows: readonly KnownRun[]): KnownRun[] =>
    rows.toSorted((one, other) => numberOfId(one.id) - numberOfId(other.id))
  if (key === null) return inOrder([...archivedRuns(archive), ...Object.values(runs)])
  const own = Object.values(runs).filter(({ repository }) => repository.key === key)
  const last = inOrder([...lastArchived(archive, key, limit.runsShown), ...own]).slice(-limit.runsShown)
  const unsettled = own.filter((run) => !settled(run) && !last.includes(run))
  return inOrder([...unsettled, ...last])
}

/** One run or agent, as it is durable. */
export async function show(parts: Parts, params: PersonParams['show']): Promise<Shown> {
  await parts.watch.settled()
  await parts.kernel.settled()
  const subject = await subjectOf(parts, params)
  if (!parts.kernel.isArchived(subject.run.id)) void recapture(parts, subject.run).catch(() => {})
  return shown(parts, subject)
}

/** The outside view of a run or an agent. */
export function shown(parts: Parts, { run, agent }: Subject): Shown {
  const task = taskOf(parts.store, run)
  const leftovers = findLeftovers(parts, [run])
  if (agent === null) return { run: withLeftovers(runView(run, task), leftovers) }
  return { agent: withItsLeftovers(agentView(run, agent, task), leftovers) }
}

/**
 * Finds what an id names, with the repository's help only where the id alone does not say it. Where the run's repository is
 * no longer at its recorded place, the one that the client asks from is first examined: it may be the same one, moved.
 */
export async function subjectOf(
  parts: Parts,
  { repo, id }: { repo: string | null; id: string },
): Promise<Subject> {
  const key = /^r\d+($|\/)/.test(id) || repo === null ? null : await parts.repositories.keyOf(repo)
  const subject = findSubject(parts.kernel, key, id)
  if (repo === null || existsSync(subject.run.repository.commonDir)) return subject
  await parts.repositories.open(repo).catch(() => {})
  return findSubject(parts.kernel, key, id)
}

/** The same, to change something of it: an archived run is brought back. */
export async function subjectToChange(
  parts: Parts,
  params: { repo: string | null; id: string },
): Promise<Subject> {
  const { run, agent } = await subjectOf(parts, params)
  if (!parts.kernel.isArchived(run.id)) return { run, agent }
  await parts.kernel.reopen(run.id)
  return findSubject(parts.kernel, null, agent === null ? run.id : agentId(run.id, agent.name))
}

/** Resolves when a run or agent needs no more waiting, or when the time is over. */
export async function wait(parts: Parts, params: PersonParams['wait']): Promise<Results['wait']> {
  const { run, agent } = await subjectOf(parts, params)
  const current = (): Subject =>
    findSubject(parts.kernel, null, agent === null ? run.id : agentId(run.id, agent.name))
  const beganMs = performance.now()
  const again = parts.kernel.isArchived(run.id)
    ? Promise.resolve()
    : recapture(parts, run, agent === null ? run.agents : [agent]).catch(() => {})
  await (params.timeoutMs === null ? again : Promise.race([again, sleep(params.timeoutMs)]))
  const leftMs =
    params.timeoutMs === null ? null : Math.max(0, params.timeoutMs - (performance.now() - beganMs))
  const timedOut = await until(parts, () => rests(current()), leftMs)
  await parts.watch.settled()
  await parts.kernel.settled()
  const { run: now, agent: awaited } = current()
  const done = (awaited === null ? now.agents : [awaited]).every(
    (each) => each.status === 'done' && uncapturedReason(each) === null,
  )
  return { run: runView(now, taskOf(parts.store, now)), done, timedOut }
}

function rests({ run, agent }: Subject): boolean {
  if (agent === null) {
    const counted = run.agents.every((each) => !ended(each) || captured(each))
    return settled(run) || (counted && runStatus(run.agents) === 'waiting')
  }
  const last = run.agents.find((each) => each.name === agent.name) ?? agent
  return (ended(last) && captured(last)) || last.status === 'waiting' || last.status === 'paused'
}

/** Waits for a condition of the state; true when the time was over first. */
export function until(parts: Parts, condition: () => boolean, timeoutMs: number | null): Promise<boolean> {
  if (condition()) return Promise.resolve(false)
  return new Promise((resolve) => {
    const timer = timeoutMs === null ? null : setTimeout(() => finish(true), Math.min(timeoutMs, 2 ** 31 - 1))
    const end = parts.kernel.listen(() => condition() && finish(false))
    const finish = (timedOut: boolean): void => {
      if (timer !== null) clearTimeout(timer)
      end()
      resolve(timedOut)
    }
  })
}

/** A page of events, in order; `last` is the number up to which the log was looked through. */
export async function log(parts: Parts, params: PersonParams['log']): Promise<Results['log']> {
  const subject = params.id === null ? null : await subjectOf(parts, { repo: params.repo, id: params.id })
  await parts.kernel.settled()
  const last = parts.store.lastSeq()
  const rows = parts.store.readEvents({
    after: params.since,
    limit: Math.max(1, Math.min(params.limit, limit.eventsPerPage)),
    ...(subject === null ? {} : { run: subject.run.id }),
    ...(subject?.agent ? { agent: subject.agent.name } : {}),
  })
  const events = rows.map(readEvent)
  return { events, last: rows.at(-1)?.seq ?? Math.max(params.since, last) }
}

/** The first events after that number, as soon as there are any; who has to wait gets those that come together at once. */
export async function follow(parts: Parts, params: PersonParams['follow']): Promise<Results['follow']> {
  const { after } = params
  if (parts.kernel.state.seq <= after) {
    await until(parts, () => parts.kernel.state.seq > after, null)
    await sleep(limit.followGatherMs)
  }
  const page = await log(parts, { repo: null, id: null, since: after, limit: params.limit })
  const back = params.runs === true ? broughtBack(parts, page.events) : {}
  return Object.keys(back).length === 0 ? page : { ...page, back }
}

function broughtBack({ store, kernel }: Parts, events: readonly KageEvent[]): BroughtBack {
  const found = events.flatMap(({ type, run, seq }): [number, Past][] => {
    const past = type === 'run.reopened' && run !== null ? pastBefore(store, kernel.state, run, seq) : null
    return past === null ? [] : [[seq, clientPast(past)]]
  })
  return Object.fromEntries(found)
}

/** The folded state, now or after the event of a number or a time. */
export async function state(
  parts: Parts,
  { at, live = false, run }: PersonParams['state'],
): Promise<Results['state']> {
  await parts.kernel.settled()
  if (live) {
    const now = clientState(run === undefined ? parts.kernel.state : parts.kernel.stateWith(run))
    return { seq: now.seq, state: now }
  }
  if (at === null) return { seq: parts.kernel.state.seq, state: parts.kernel.state }
  const seq = /^\d+$/.test(at) ? Number(at) : seqOfTime(parts, at)
  const then = replay(parts.store, seq)
  return { seq: then.seq, state: then }
}

function seqOfTime(parts: Parts, at: string): number {
  if (Number.isNaN(Date.parse(at)))
    throw new KageError('KAGE_USAGE', `"${at}" is neither an event's number nor a time.`)
  return parts.store.seqAt(at)
}
