import { reasonOf } from '../../core/agent/reason.ts'
import { isCounted, runStatus, uncapturedReason } from '../../core/agent/status.ts'
import { openAlarms } from '../../core/alarm.ts'
import { agentId } from '../../core/id.ts'
import { noticeLines, openNotices } from '../../core/notice.ts'
import { sumOf } from '../../core/protocol/view.ts'
import type { AgentStatus, RunState, RunStatus } from '../../core/state.ts'

/** One run of the dashboard with its agents. */
export interface DashRun {
  readonly id: string
  readonly status: RunStatus
  readonly mode: string
  /** The first line of the task. */
  readonly task: string
  readonly at: string
  readonly costUsd: number | null
  /** The repository's directory where runs of several are shown, else null. */
  readonly repository: string | null
  /** Alarms that are not acknowledged, and refs of the person's that were lost. */
  readonly alarms: number
  readonly notices: readonly string[]
  readonly agents: readonly DashAgent[]
}

export interface DashAgent {
  readonly id: string
  readonly name: string
  readonly status: AgentStatus
  readonly reason: string
  readonly since: string
  readonly turns: number
  readonly tokens: number
  readonly costUsd: number | null
  /** Whether the changed files are known. */
  readonly isCounted: boolean
  readonly files: number
  readonly added: number
  readonly deleted: number
  /** The last capture failed: the figures of changes are not known. */
  readonly uncaptured: boolean
}

/** What the dashboard shows of some runs, which come the newest first. */
export function dashOf(runs: readonly RunState[], all: boolean): DashRun[] {
  return runs.map((run) => ({
    id: run.id,
    status: runStatus(run.agents),
    mode: run.mode,
    task: run.task.split('\n')[0] ?? '',
    at: run.at,
    costUsd: sumOf(run.agents.map(({ costUsd }) => costUsd)),
    alarms: openAlarms(run).length,
    notices: noticeLines(openNotices(run)),
    repository: all ? run.repository.root : null,
    agents: run.agents.map((agent) => ({
      id: agentId(run.id, agent.name),
      name: agent.name,
      status: agent.status,
      reason: agent.status === 'working' && agent.activity !== '' ? agent.activity : reasonOf(agent),
      since: agent.since,
      turns: agent.turns,
      tokens: agent.tokensIn + agent.tokensOut,
      costUsd: agent.costUsd,
      isCounted: isCounted(agent),
      files: agent.capture?.changed.files ?? 0,
      added: agent.capture?.changed.added ?? 0,
      deleted: agent.capture?.changed.deleted ?? 0,
      uncaptured: uncapturedReason(agent) !== null,
    })),
  }))
}
