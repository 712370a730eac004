import { alarmView, type AlarmView, openAlarms } from '../alarm.ts'
import { reasonOf } from '../agent/reason.ts'
import { isCounted, runStatus, uncapturedReason } from '../agent/status.ts'
import { agentId } from '../id.ts'
import { noticeView, type NoticeView, openNotices } from '../notice.ts'
import type { TreePath } from '../merge/change.ts'
import type { KnownAgent, KnownRun } from '../archive/row.ts'
import type { AgentStatus, RunStatus } from '../state.ts'

/** A run as scripts see it; unknown money is null, never 0. */
export interface RunView {
  readonly id: string
  readonly mode: 'race' | 'plan' | 'compare'
  readonly task: string
  readonly repo: string
  readonly base: string
  readonly at: string
  readonly status: RunStatus
  readonly costUsd: number | null
  /** Alarms that are not acknowledged. */
  readonly alarms: readonly AlarmView[]
  /** Refs and stash entries of the person's that were lost while its agents worked, and are not put back. */
  readonly notices: readonly NoticeView[]
  readonly agents: readonly AgentView[]
}

export interface AgentView {
  readonly id: string
  readonly run: string
  readonly name: string
  readonly agent: string
  readonly role: string
  readonly task: string
  readonly status: AgentStatus
  readonly reason: string | null
  readonly source: string
  readonly since: string
  readonly branch: string
  readonly worktree: string
  readonly pane: { readonly server: string; readonly id: string } | null
  readonly pid: number | null
  readonly turns: number
  readonly tokensIn: number
  readonly tokensOut: number
  readonly costUsd: number | null
  /** What it did last; empty where it does not tell. */
  readonly activity: string
  readonly changed: { readonly files: number; readonly added: number; readonly deleted: number }
  /** Processes of an ended agent that go on, by `ls` and `show`; absent where there are none. */
  readonly leftovers?: readonly { readonly pid: number; readonly command: string }[]
  /** False while `changed` is not known: nothing was captured yet, or not since the agent ended. */
  readonly captured: boolean
  /** Repositories inside the worktree that may hold work the capture does not. */
  readonly nested: readonly TreePath[]
  /** Untracked files over the size limit; they are not captured. */
  readonly leftOut: readonly TreePath[]
  /** Changed files whose filter Kage may not run; they are not captured. */
  readonly filtered: readonly TreePath[]
  /** Changed files that git cannot convert from their `working-tree-encoding`; their bytes are captured as they are. */
  readonly unconverted: readonly TreePath[]
  /** The capture was taken while files changed all the time. */
  readonly inMotion: boolean
  /** Why the last capture failed, or null; `changed` then says nothing. */
  readonly uncaptured: string | null
  /** Alarms that are not acknowledged and were raised while it worked. */
  readonly alarms: number
}

/** An agent whose store was lost: its worktree, where it has one, and its processes. */
export interface StrayView {
  readonly id: string
  readonly worktree: string | null
  readonly processes: readonly { readonly pid: number; readonly command: string }[]
}

/** The runs of a repository, or all; `strays` are agents that the store knows nothing of, absent where there are none. */
export interface Listed {
  readonly runs: readonly RunView[]
  readonly warnings: readonly string[]
  readonly strays?: readonly StrayView[]
}

/** The outside view of a run; `task` is its whole text, of which the state keeps only the beginning. */
export function runView(run: KnownRun, task: string): RunView {
  const { id, mode, base, at } = run
  const agents = run.agents.map((agent) => agentView(run, agent, task))
  return {
    id,
    mode,
    task,
    repo: run.repository.root,
    base,
    at,
    status: runStatus(run.agents),
    costUsd: sumOf(agents.map((agent) => agent.costUsd)),
    alarms: openAlarms(run).map(alarmView),
    notices: openNotices(run).map(noticeView),
    agents,
  }
}

/** The outside view of one agent. */
export function agentView(run: KnownRun, agent: KnownAgent, task: string): AgentView {
  const { name, role, status, source, since, branch, worktree } = agent
  return {
    id: agentId(run.id, name),
    run: run.id,
    name,
    agent: agent.agent,
    role,
    task,
    status,
    reason: reasonOf(agent),
    source,
    since,
    branch,
    worktree,
    pane: agent.pane === null ? null : { server: agent.pane.server.socket, id: agent.pane.id },
    pid: agent.process?.pid ?? null,
    turns: agent.turns,
    tokensIn: agent.tokensIn,
    tokensOut: agent.tokensOut,
    costUsd: agent.costUsd,
    activity: agent.activity,
    changed: agent.capture?.changed ?? { files: 0, added: 0, deleted: 0 },
    captured: isCounted(agent),
    nested: agent.capture?.nested ?? [],
    leftOut: agent.capture?.leftOut ?? [],
    filtered: agent.capture?.filtered ?? [],
    unconverted: agent.capture?.unconverted ?? [],
    inMotion: agent.capture?.inMotion === true,
    uncaptured: uncapturedReason(agent),
    alarms: openAlarms(run).filter(({ agents }) => agents.includes(name)).length,
  }
}

/** Money of several; a part that is unknown makes the sum unknown. */
export function sumOf(amounts: readonly (number | null)[]): number | null {
  let sum = 0
  for (const amount of amounts) {
    if (amount === null) return null
    sum += amount
  }
  return sum
}
