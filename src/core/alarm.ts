import { limit } from './limit.ts'
import type { AgentState, RunState } from './state.ts'
import { ended } from './state.ts'

/** What makes git or another tool run a program or read elsewhere: a setting, a hook, a file of info/, alternates, a file that leads to a git directory, a replaced object. */
export type AlarmKind = 'config' | 'hook' | 'info' | 'alternates' | 'commondir' | 'gitdir' | 'git' | 'replace'

/** A change of such a thing during a run, whoever made it; texts are null for what was absent. `hash` tells its new content. */
export interface RaisedAlarm {
  readonly id: string
  readonly kind: AlarmKind
  readonly subject: string
  readonly before: string | null
  readonly after: string | null
  /** The agents of the run that were at work. */
  readonly agents: readonly string[]
  readonly hash: string
}

/** An alarm of a run; it refuses landings until it is acknowledged. */
export interface AlarmState extends RaisedAlarm {
  readonly at: string
  readonly acknowledged: boolean
}

/** An alarm as scripts see it. */
export type AlarmView = Omit<AlarmState, 'hash'>

/** One watched thing as it is now; `wanted` is what it has to be where the beginning of the run does not say it. */
export interface WatchedPart {
  readonly kind: AlarmKind
  readonly subject: string
  readonly hash: string
  readonly text: string
  readonly wanted?: { readonly hash: string; readonly text: string }
}

/** What is known of the beginning of a run: the hash of each thing, and its text as far as it was kept. */
export interface Baseline {
  readonly hashes: Readonly<Record<string, string>>
  readonly texts: Readonly<Record<string, { readonly kind: AlarmKind; readonly text: string }>>
}

const absent = ''

/**
 * The alarms to raise for what is there now: each thing that is neither as it was in the beginning nor as an earlier alarm of
 * the run, or an acknowledged one of `elsewhere`, has told. `sinceAt` is when the repository was looked at last.
 */
export function newAlarms(
  run: RunState,
  baseline: Baseline,
  parts: readonly WatchedPart[],
  {
    sinceAt,
    elsewhere,
  }: { readonly sinceAt: string; readonly elsewhere: readonly Pick<AlarmState, 'subject' | 'hash'>[] },
): RaisedAlarm[] {
  const now = new Map(parts.map((part) => [part.subject, part]))
  const subjects = new Set([...Object.keys(baseline.hashes), ...now.keys()])
  const raised = [...subjects].toSorted().flatMap((subject) => {
    const part = now.get(subject)
    const hash = part?.hash ?? absent
    const earlier = run.alarms.filter((alarm) => alarm.subject === subject)
    const first = part?.wanted?.hash ?? baseline.hashes[subject] ?? absent
    const isKnown = [...earlier, ...elsewhere.filter((alarm) => alarm.subject === subject)].some(
      (alarm) => alarm.hash === hash,
    )
    if (hash === first || isKnown) return []
    const kind = part?.kind ?? earlier.at(-1)?.kind ?? baseline.texts[subject]?.kind ?? 'config'
    const before = part?.wanted?.text ?? baseline.texts[subject]?.text ?? null
    return [{ kind, subject, ...difference(kind, before, part?.text ?? null), hash }]
  })
  const agents = atWork(run.agents, sinceAt)
  return raised.map((each, index) => ({ id: `a${run.alarms.length + index + 1}`, ...each, agents }))
}

/** Whether an alarm is of a file of the worktree, which git writes in passing when it switches, rebases or stashes. */
export function liesInWorktree({ kind, subject }: Pick<RaisedAlarm, 'kind' | 'subject'>): boolean {
  return kind === 'hook' && !subject.startsWith('/') && !subject.startsWith('.git/')
}

/** The agents that worked at some time since then; where none did, all that ever began. */
function atWork(agents: readonly AgentState[], sinceAt: string): string[] {
  const working = workedSince(agents, sinceAt)
  return working.length > 0 ? working : agents.filter(hasBegun).map(({ name }) => name)
}

/** The agents that worked at some time since then. */
export function workedSince(agents: readonly AgentState[], sinceAt: string): string[] {
  return agents
    .filter((agent) => hasBegun(agent) && (!ended(agent) || agent.since >= sinceAt))
    .map(({ name }) => name)
}

function hasBegun({ worktreeState }: AgentState): boolean {
  return worktreeState !== 'absent'
}

/** A run with further alarms. */
export function withAlarms(run: RunState, at: string, raised: readonly RaisedAlarm[]): RunState {
  return {
    ...run,
    alarms: [...run.alarms, ...raised.map((alarm) => ({ ...alarm, at, acknowledged: false }))],
  }
}

/** A run whose alarms of these ids are acknowledged. */
export function withAcknowledged(run: RunState, ids: readonly string[]): RunState {
  const alarms = run.alarms.map((alarm) =>
    ids.includes(alarm.id) ? { ...alarm, acknowledged: true } : alarm,
  )
  return { ...run, alarms }
}

/** The alarms of a run that are not acknowledged yet. */
export function openAlarms({ alarms }: Pick<RunState, 'alarms'>): AlarmState[] {
  return alarms.filter(({ acknowledged }) => !acknowledged)
}

/** An alarm as scripts see it. */
export function alarmView(alarm: AlarmState): AlarmView {
  const { id, kind, subject, before, after, agents, at, acknowledged } = alarm
  return { id, kind, subject, before, after, agents, at, acknowledged }
}

/** Of settings the lines that differ; of anything else the text, cut where it is long. */
function difference(
  kind: AlarmKind,
  before: string | null,
  after: string | null,
): { readonly before: string | null; readonly after: string | null } {
  if (kind !== 'config') return { before: cut(before), after: cut(after) }
  const [old, fresh] = [linesOf(before), linesOf(after)]
  return {
    before: before === null ? null : cut(old.filter((line) => !fresh.includes(line)).join('\n')),
    after: after === null ? null : cut(fresh.filter((line) => !old.includes(line)).join('\n')),
  }
}

function linesOf(text: string | null): string[] {
  return (text ?? '').split('\n').filter((line) => line !== '')
}

function cut(text: string | null): string | null {
  if (text === null || text.length <= limit.alarmTextCharacters) return text
  return `${text.slice(0, limit.alarmTextCharacters)}…`
}
