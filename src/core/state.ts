import type { AlarmState } from './alarm.ts'
import { type Archive, bucketValue, storedBucket } from './archive/archive.ts'
import type { RepositoryStates } from './archive/repository.ts'
import type { RestartState } from './agent/restart.ts'
import type { StalledState } from './agent/stalled.ts'
import type { ModelPlan } from './agent/model.ts'
import type { AgentPlan } from './agent/plan.ts'
import type {
  Capture,
  Exit,
  Landing,
  ProcessIdentity,
  Reverted,
  RunStarted,
  ServerIdentity,
} from './event.ts'
import type { CheckedTree } from './check.ts'
import type { Comment } from './comment.ts'
import type { Decision, Oid } from './merge/change.ts'
import { changedPendingRows, pendingOfRows } from './pending-rows.ts'
import { numberOfId } from './id.ts'
import type { NoticeState } from './notice.ts'
import type { Remembered } from './remembered.ts'
import type { ActionFailures } from './retry.ts'

/** Raised whenever the fold changes its meaning: stored state of another version is folded anew. */
export const stateVersion = 14

/** Everything Kage knows, a fold of its events. */
export interface State {
  readonly seq: number
  readonly runs: Readonly<Record<string, RunState>>
  readonly landings: Readonly<Record<string, LandingState>>
  /** What was said to conflicts, by repository, the latest last. */
  readonly resolutions: Readonly<Record<string, readonly Remembered[]>>
  /** The last trees whose checks were run, by repository, the latest last. */
  readonly checked: Readonly<Record<string, readonly CheckedTree[]>>
  /** What a store that went back in time has lost, by the number of the event that says so. */
  readonly reverted: Readonly<Record<string, RevertedState>>
  /** A row for each archived run, which is not among `runs`, nor its landings among `landings`. */
  readonly archive: Archive
  /** What archived runs of each repository have in common, and where it was moved. */
  readonly repositories: RepositoryStates
  /** The number of the event that tells the last start of a daemon. */
  readonly startedSeq: number
}

export interface RevertedState extends Reverted {
  readonly at: string
  /** The person knows of it. */
  readonly acknowledged?: true
}

export interface RunState extends Omit<RunStarted, 'agents' | 'task'> {
  readonly id: string
  readonly at: string
  /** The event that holds the whole task; `task` is its beginning. */
  readonly seq: number
  readonly task: string
  readonly taskWhole: boolean
  readonly agents: readonly AgentState[]
  /** Keys of the regions that were shown, in the order of their numbers g1, g2… */
  readonly regions: readonly string[]
  /** Changes of what makes git run programs, the latest last. */
  readonly alarms: readonly AlarmState[]
  /** What of the person's refs and stash was lost while its agents worked, the latest last. */
  readonly notices: readonly NoticeState[]
  /** What is decided and not landed yet, by target. */
  readonly pending: Readonly<Record<string, Pending>>
  /** Keys of the regions where the base is kept on purpose, by target. */
  readonly kept: Readonly<Record<string, readonly string[]>>
  /** What is to be said to the agents and is not sent yet, by target. */
  readonly comments: Readonly<Record<string, readonly Comment[]>>
  /** When it was brought back from the archive last; null where it never was. */
  readonly reopened: string | null
}

/** Decisions that a landing will take back and add, beside those that have landed. */
export interface Pending {
  readonly removed: readonly Decision[]
  readonly added: readonly Decision[]
}

export type AgentStatus =
  | 'queued'
  | 'starting'
  | 'working'
  | 'waiting'
  | 'paused'
  | 'done'
  | 'failed'
  | 'stopped'
  | 'unknown'

export type RunStatus = 'queued' | 'working' | 'waiting' | 'done' | 'failed' | 'stopped'

/** One agent: what is wanted of it, what is known of its things, and its status with reason, source and time. */
export interface AgentState
  extends Omit<AgentPlan, 'capture' | 'model' | 'restart'>, RestartState, StalledState {
  readonly model: ModelPlan | null
  readonly desired: 'running' | 'stopped' | 'cleaned'
  readonly status: AgentStatus
  readonly reason: string
  readonly source: string
  readonly since: string
  readonly attempt: number
  /** How many directories the spool of this attempt has: one where 0.1.0 opened its pane. */
  readonly spool: 'one' | 'two'
  /** The git directory of its worktree, from our own record. */
  readonly gitDir: string | null
  /** Whether that directory is its own or linked to the person's repository; null before it is there. */
  readonly gitKind: 'own' | 'linked' | null
  readonly worktreeState: 'absent' | 'present' | 'lost' | 'removed'
  readonly pane: { readonly server: ServerIdentity; readonly id: string; readonly gate: string } | null
  /** How its pane went, when someone else closed it. */
  readonly paneLost: string | null
  readonly process: ProcessIdentity | null
  /** When the program of this attempt began; null before that. */
  readonly startedAt: string | null
  readonly interrupted: boolean
  readonly exit: Exit | null
  readonly capture: Capture | null
  /** What its branch in the person's repository was moved to last, and the tip of its own commits then; null while it is at the base. */
  readonly published: { readonly commit: Oid; readonly tip: Oid } | null
  /** Why its branch does not show all its work, or null. */
  readonly branchProblem: string | null
  /** The beginning of the status that its branch was published in. */
  readonly publishedSince: string | null
  /** Why the last snapshot could not be taken, or null. */
  readonly captureProblem: string | null
  readonly failures: ActionFailures
  /** How much of the outbox of this attempt is read, in bytes. */
  readonly outbox: number
  readonly turns: number
  readonly tokensIn: number
  readonly tokensOut: number
  /** Null where a part of it is unknown. */
  readonly costUsd: number | null
  /** What it did last, as one short line; empty where it does not tell. */
  readonly activity: string
  /** The first line of what it said to have done. */
  readonly summary: string | null
  /** What it waits for the person with, by its own word; a pause does not answer it. */
  readonly question: string | null
  /** The last code it told, with its explanation, like "KAGE_PROVIDER_AUTH: …". */
  readonly trouble: string | null
}

/** A landing and how far it came; `target` is a branch or a worktree. */
export interface LandingState extends Landing {
  readonly run: string
  readonly at: string
  readonly phase: 'prepared' | 'landed' | 'dropped' | 'undoing' | 'undone'
  /** Why it could not be taken up again when it was cut off. */
  readonly stuck?: string
}

export const emptyState: State = {
  seq: 0,
  runs: {},
  landings: {},
  resolutions: {},
  checked: {},
  reverted: {},
  archive: {},
  repositories: {},
  startedSeq: 0,
}

/** The agent with that name in that run, or null. */
export function agentOf(state: State, run: string, name: string): AgentState | null {
  return state.runs[run]?.agents.find((agent) => agent.name === name) ?? null
}

/** Whether an agent has come to its end, whatever the end was. */
export function ended(agent: Pick<AgentState, 'status'>): boolean {
  return agent.status === 'done' || agent.status === 'failed' || agent.status === 'stopped'
}

/** The parts of the state that differ, as rows of the store: a removed part has the value null. */
export function changedSlices(before: State, after: State): { key: string; value: unknown }[] {
  const rows: { key: string; value: unknown }[] = []
  for (const [id, run] of changedOf(before.runs, after.runs))
    rows.push(...runSlices(id, before.runs[id], run))
  for (const [id, run] of goneOf(before.runs, after.runs)) rows.push(...goneSlices(id, run))
  for (const [id, landing] of changedOf(before.landings, after.landings))
    rows.push({ key: `landings/${id}`, value: landing })
  for (const [id] of goneOf(before.landings, after.landings))
    rows.push({ key: `landings/${id}`, value: null })
  for (const [name, bucket] of changedOf(before.archive, after.archive))
    rows.push({ key: `archive/${name}`, value: bucketValue(bucket) })
  for (const [name] of goneOf(before.archive, after.archive))
    rows.push({ key: `archive/${name}`, value: null })
  for (const [key, repository] of changedOf(before.repositories, after.repositories))
    rows.push({ key: `repositories/${key}`, value: repository })
  if (before.startedSeq !== after.startedSeq) rows.push({ key: 'startedSeq/', value: after.startedSeq })
  for (const [id, said] of changedOf(before.resolutions, after.resolutions))
    rows.push({ key: `resolutions/${id}`, value: said })
  for (const [id, trees] of changedOf(before.checked, after.checked))
    rows.push({ key: `checked/${id}`, value: trees })
  for (const [seq, lost] of changedOf(before.reverted, after.reverted))
    rows.push({ key: `reverted/${seq}`, value: lost })
  return rows
}

/** The state that rows of the store hold, in the order of the ids' numbers; the opposite of changedSlices. A bucket of the archive may come as its text. */
export function stateOfSlices(seq: number, rows: Iterable<{ key: string; value: unknown }>): State {
  const parts = new Map<string, Map<string, unknown>>()
  for (const { key, value } of rows) {
    const slash = key.indexOf('/')
    const part = parts.get(key.slice(0, slash)) ?? new Map<string, unknown>()
    parts.set(key.slice(0, slash), part.set(key.slice(slash + 1), value))
  }
  const pending = new Map<string, RunState['pending'][]>()
  for (const [key, row] of parts.get('pending') ?? []) {
    const id = key.slice(0, key.indexOf(' '))
    pending.set(id, [...(pending.get(id) ?? []), row as RunState['pending']])
  }
  const runs = [...(parts.get('runs') ?? [])].map(([id, run]): [string, RunState] => {
    const large = {
      regions: parts.get('regions')?.get(id),
      pending: pendingOfRows(pending.get(id) ?? []),
      kept: parts.get('kept')?.get(id),
      comments: parts.get('comments')?.get(id),
    }
    return [id, { ...(run as object), ...large } as RunState]
  })
  const landings = [...(parts.get('landings') ?? [])] as [string, LandingState][]
  const resolutions = Object.fromEntries(parts.get('resolutions') ?? []) as State['resolutions']
  const checked = Object.fromEntries(parts.get('checked') ?? []) as State['checked']
  const reverted = Object.fromEntries(parts.get('reverted') ?? []) as State['reverted']
  const buckets = [...(parts.get('archive') ?? [])].map(([name, value]) => [name, storedBucket(value)])
  return {
    seq,
    runs: inOrder(runs),
    landings: inOrder(landings),
    resolutions,
    checked,
    reverted,
    archive: Object.fromEntries(buckets) as Archive,
    repositories: Object.fromEntries(parts.get('repositories') ?? []) as RepositoryStates,
    startedSeq: (parts.get('startedSeq')?.get('') ?? 0) as number,
  }
}

/** The same as the texts of rows; of a removed part null. */
export function changedRows(before: State, after: State): { key: string; value: string | null }[] {
  return changedSlices(before, after).map(({ key, value }) => ({
    key,
    value: value === null ? null : JSON.stringify(value),
  }))
}

/** A row's text as the state reads it: that of a bucket of the archive stays a text until somebody asks for a run in it. */
export function valueOfRow({ key, value }: { readonly key: string; readonly value: string }): unknown {
  return key.startsWith('archive/') ? value : (JSON.parse(value) as unknown)
}

/** What of a run can be large has rows of its own, so that an agent that tells much does not write it again each time. */
function runSlices(
  id: string,
  before: RunState | undefined,
  { regions, pending, kept, comments, ...rest }: RunState,
): { key: string; value: unknown }[] {
  const names = Object.keys(rest) as (keyof typeof rest)[]
  return [
    ...(names.some((name) => rest[name] !== before?.[name]) ? [{ key: `runs/${id}`, value: rest }] : []),
    ...(regions === before?.regions ? [] : [{ key: `regions/${id}`, value: regions }]),
    ...(kept === before?.kept ? [] : [{ key: `kept/${id}`, value: kept }]),
    ...(comments === before?.comments ? [] : [{ key: `comments/${id}`, value: comments }]),
    ...changedPendingRows(before?.pending, pending).map(([row, value]) => ({
      key: `pending/${id} ${row}`,
      value: Object.keys(value).length === 0 ? null : value,
    })),
  ]
}

/** The rows of a run that was archived. */
function goneSlices(id: string, { pending }: RunState): { key: string; value: null }[] {
  const rows = ['runs', 'regions', 'kept', 'comments'].map((part) => `${part}/${id}`)
  const decided = changedPendingRows(undefined, pending).map(([row]) => `pending/${id} ${row}`)
  return [...rows, ...decided].map((key) => ({ key, value: null }))
}

function goneOf<T>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>): [string, T][] {
  return before === after ? [] : Object.entries(before).filter(([id]) => !Object.hasOwn(after, id))
}

function changedOf<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): [string, T][] {
  return before === after ? [] : Object.entries(after).filter(([id, value]) => before[id] !== value)
}

/** Runs or landings in the order of their ids' numbers. */
export function inOrder<T>(entries: [string, T][]): Record<string, T> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => numberOfId(one) - numberOfId(other)))
}
