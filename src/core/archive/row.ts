import type { Capture, ServerIdentity } from '../event.ts'
import type { Oid } from '../merge/change.ts'
import { openNotices } from '../notice.ts'
import type { AgentState, LandingState, RunState } from '../state.ts'

/** What is known of an agent without reading its run's events. */
export interface KnownAgent extends Omit<
  AgentState,
  | 'command'
  | 'environment'
  | 'model'
  | 'exit'
  | 'pane'
  | 'capture'
  | 'published'
  | 'publishedSince'
  | 'startedAt'
> {
  readonly pane: { readonly server: Pick<ServerIdentity, 'socket'>; readonly id: string } | null
  /** Its commit holds the tree. */
  readonly capture: Omit<Capture, 'tree'> | null
  readonly published: { readonly commit: Oid } | null
}

/** What is known of a run without reading its events: a run of the state, or an archived one. */
export interface KnownRun extends Omit<
  RunState,
  | 'settings'
  | 'fingerprint'
  | 'guarded'
  | 'largeFileBytes'
  | 'baseName'
  | 'socket'
  | 'git'
  | 'refs'
  | 'regions'
  | 'pending'
  | 'kept'
  | 'comments'
  | 'agents'
> {
  readonly agents: readonly KnownAgent[]
}

/** An archived run in the state; its events hold the rest. */
export interface ArchivedRun extends KnownRun {
  /** The number of the event that archived it. */
  readonly archived: number
  readonly landings: readonly LandingRow[]
}

/** A landing of an archived run; `paths` are left out where they are many. */
export interface LandingRow extends Pick<LandingState, 'undo' | 'at' | 'target' | 'phase' | 'review'> {
  /** Whether it changed anything that an undo could take back. */
  readonly isEmpty: boolean
  readonly paths?: LandingState['paths']
}

/** The row of a run that the event of that number archives, as it is stored: what is as in most runs is left out. */
export function storedRow(
  run: RunState,
  landings: readonly LandingState[],
  archived: number,
): Record<string, unknown> {
  const { id, at, seq, mode, task, taskWhole, repository, base, reopened } = run
  const head = task.slice(0, taskCharacters)
  return without(runDefaults, {
    id,
    at,
    seq,
    mode,
    task: head,
    repository,
    base,
    reopened,
    archived,
    taskWhole: taskWhole && head === task,
    notices: openNotices(run),
    agents: run.agents.map(storedAgent),
    landings: landings.map(landingRow),
  })
}

/** A row as it is read back. */
export function rowOf(stored: Record<string, unknown>): ArchivedRun {
  const agents = stored['agents'] as readonly object[]
  return {
    ...runDefaults,
    ...stored,
    agents: agents.map((agent) => ({ ...agentDefaults, ...agent })),
  } as unknown as ArchivedRun
}

const taskCharacters = 200
const reasonCharacters = 300
const pathsKept = 8

const runDefaults = {
  mode: 'race',
  taskWhole: true,
  reopened: null,
  alarms: [],
  notices: [],
  landings: [],
} as const

const agentDefaults = {
  role: 'coder',
  kind: 'command',
  desired: 'stopped',
  status: 'done',
  source: 'exit file',
  attempt: 1,
  restart: 'temporary',
  restarts: [],
  restartWaitMs: 0,
  stalled: null,
  spool: 'two',
  gitDir: null,
  gitKind: 'own',
  worktreeState: 'removed',
  pane: null,
  paneLost: null,
  process: null,
  interrupted: false,
  capture: null,
  published: null,
  branchProblem: null,
  captureProblem: null,
  failures: {},
  outbox: 0,
  turns: 0,
  tokensIn: 0,
  tokensOut: 0,
  costUsd: null,
  activity: '',
  summary: null,
  question: null,
  trouble: null,
} as const

const leftOut: ReadonlySet<string> = new Set([
  'command',
  'environment',
  'model',
  'exit',
  'gitDir',
  'outbox',
  'restarts',
  'restartWaitMs',
  'stalled',
  'summary',
  'question',
  'trouble',
  'publishedSince',
  'startedAt',
] satisfies (keyof AgentState)[])

/** What only a run at work needs is left out; long words are cut. */
function storedAgent(agent: AgentState): Record<string, unknown> {
  const kept = Object.entries(agent).filter(([name]) => !leftOut.has(name))
  const { pane, published } = agent
  return without(agentDefaults, {
    ...Object.fromEntries(kept),
    reason: agent.reason.slice(0, reasonCharacters),
    pane: pane === null ? null : { server: { socket: pane.server.socket }, id: pane.id },
    capture: captureOf(agent),
    published: published === null ? null : { commit: published.commit },
  })
}

function captureOf({ capture }: AgentState): KnownAgent['capture'] {
  if (capture === null) return null
  const { tree: _, ...rest } = capture
  return rest
}

function landingRow(landing: LandingState): LandingRow {
  const { undo, at, target, phase, review, paths, commit } = landing
  return {
    undo,
    at,
    target,
    phase,
    ...(review === undefined ? {} : { review }),
    isEmpty: paths.length === 0 && commit === null,
    ...(paths.length > pathsKept ? {} : { paths }),
  }
}

function without(
  defaults: Readonly<Record<string, unknown>>,
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const isUsual = ([name, each]: [string, unknown]): boolean =>
    Object.hasOwn(defaults, name) && JSON.stringify(each) === JSON.stringify(defaults[name])
  return Object.fromEntries(Object.entries(value).filter((entry) => !isUsual(entry)))
}
