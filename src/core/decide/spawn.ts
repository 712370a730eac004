import { isRunKind } from '../agent/kind.ts'
import type { ModelChoice, ModelPlan } from '../agent/model.ts'
import type { LimitsConfig } from '../config.ts'
import type { Restart } from '../agent/restart.ts'
import { draft } from '../draft.ts'
import type { Fault } from '../error.ts'
import type { AgentPlan } from '../agent/plan.ts'
import type { ByteSettings, RepositoryRecord } from '../event.ts'
import { agentNames, nextRunId } from '../id.ts'
import { numbersOf } from '../numbers.ts'
import { limit } from '../limit.ts'
import { ended, type State } from '../state.ts'
import { refuse, type Verdict } from './verdict.ts'

/** What the person asked for: `count` agents in all, dealt round robin over the configuration keys. */
export interface SpawnRequest {
  readonly task: string
  readonly count: number | null
  readonly agents: readonly string[]
  /** Answers of a model for each agent; null: as configured. */
  readonly maxTurns: number | null
  /** What the whole run may cost; null: as configured. */
  readonly budgetUsd: number | null
}

/** What was found out before: nothing here changes while it is decided. */
export interface SpawnFacts {
  readonly repository: RepositoryRecord
  readonly base: string
  readonly baseName: string
  readonly prefix: string
  readonly prefixTaken: boolean
  /** Short names of the branches below the prefix. */
  readonly branches: readonly string[]
  readonly defaultAgents: readonly string[]
  readonly agentKinds: Readonly<Record<string, AgentKindFacts>>
  readonly limits: LimitsConfig
  /** The directory that holds this repository's worktrees, and the names that lie there already. */
  readonly worktreeRoot: string
  readonly worktreesTaken: readonly string[]
  readonly socket: string
  readonly settings: ByteSettings
  readonly largeFileBytes: number
  readonly guarded: Readonly<Record<string, string>>
  readonly git: 'own' | 'linked'
  readonly refs: 'some' | 'all'
  readonly diskFreeBytes: number
  readonly attentionMs: number | null
}

/** One configured agent; `problem` says why it cannot start here. */
export interface AgentKindFacts {
  readonly kind: string
  readonly command: readonly string[]
  readonly environment: readonly string[]
  readonly restart?: Restart
  /** Only of kind "api". */
  readonly model?: ModelChoice
  readonly problem: Fault | null
}

/** Decides a race: the run with the final names, branches and worktree paths of its agents, or why not. */
export function decideSpawn(state: State, request: SpawnRequest, facts: SpawnFacts): Verdict {
  const keys = request.agents.length > 0 ? request.agents : facts.defaultAgents
  const count = request.count ?? keys.length
  const no =
    refuseTask(request.task) ??
    refuseCount(state, count, facts) ??
    refuseLimits(request) ??
    refuseKinds(keys, facts) ??
    refusePlace(facts)
  if (no !== null) return no
  const branches = facts.branches.map((branch) => branch.slice(facts.prefix.length + 1))
  const given = `r${numbersOf(state).run}`
  const run = nextRunId([given, ...branches, ...facts.worktreesTaken])
  const dealt = Array.from({ length: count }, (_, index) => keys[index % keys.length] ?? '')
  const names = agentNames(dealt)
  const limits = limitsOf(request, count, facts.limits)
  const agents = dealt.map((key, index) => planAgent(run, key, names[index] ?? key, facts, limits))
  const { repository, base, baseName, socket, settings, largeFileBytes, guarded, git, refs } = facts
  const data = {
    mode: 'race',
    task: request.task,
    repository,
    base,
    baseName,
    socket,
    settings,
    largeFileBytes,
    fingerprint: {},
    guarded,
    git,
    refs,
    ...(facts.attentionMs === null ? {} : { attentionMs: facts.attentionMs }),
    agents,
  } as const
  return { events: [draft('run.started', run, null, data)] }
}

/** A run's money is split evenly over its agents. */
function limitsOf(
  { maxTurns, budgetUsd }: SpawnRequest,
  count: number,
  configured: LimitsConfig,
): ModelPlan['limits'] {
  const usd = budgetUsd ?? configured.runUsd
  return {
    turns: maxTurns ?? configured.turns,
    tokens: configured.taskTokens,
    usd: usd === null ? null : usd / count,
  }
}

function planAgent(
  run: string,
  key: string,
  name: string,
  facts: SpawnFacts,
  limits: ModelPlan['limits'],
): AgentPlan {
  const kind = facts.agentKinds[key]
  return {
    name,
    agent: key,
    role: 'coder',
    kind: kind !== undefined && isRunKind(kind.kind) ? kind.kind : 'command',
    command: kind?.command ?? [],
    environment: kind?.environment ?? [],
    ...(kind?.restart === undefined ? {} : { restart: kind.restart }),
    ...(kind?.model === undefined ? {} : { model: { ...kind.model, limits } }),
    branch: `${facts.prefix}/${run}/${name}`,
    worktree: `${facts.worktreeRoot}/${run}-${name}`,
    capture: null,
  }
}

function refuseTask(task: string): Verdict | null {
  if (task.trim() === '') return refuse('KAGE_TASK_EMPTY', 'The task is empty.')
  if (task.length > limit.taskBytes) {
    return refuse(
      'KAGE_TASK_TOO_LONG',
      `The task has ${task.length} characters; ${limit.taskBytes} are the most.`,
    )
  }
  return task.includes('\0')
    ? refuse('KAGE_TASK_EMPTY', 'The task holds a NUL character.', 'Remove it.')
    : null
}

function refuseCount(state: State, count: number, facts: SpawnFacts): Verdict | null {
  if (!Number.isInteger(count) || count < 1 || count > limit.agentsPerRun) {
    return refuse(
      'KAGE_COUNT_INVALID',
      `${count} agents cannot be started.`,
      `Ask for 1 to ${limit.agentsPerRun}.`,
    )
  }
  const all = Object.values(state.runs).flatMap((run) => run.agents)
  const active = all.filter((agent) => !ended(agent)).length
  const most = facts.limits.agents
  if (active + count <= most) return null
  const message = `${active} agents are active and ${count} more are asked for; the limit is ${most}.`
  return refuse(
    'KAGE_LIMIT',
    message,
    'Stop some (`kage stop`), ask for fewer, or raise limits.agents in config.toml.',
  )
}

function refuseLimits({ maxTurns, budgetUsd }: SpawnRequest): Verdict | null {
  if (maxTurns !== null && (!Number.isInteger(maxTurns) || maxTurns < 1))
    return refuse('KAGE_USAGE', `${maxTurns} turns are no limit.`, 'Name a whole number of at least 1.')
  if (budgetUsd !== null && !(budgetUsd > 0 && Number.isFinite(budgetUsd)))
    return refuse('KAGE_USAGE', `${budgetUsd} USD are no budget.`, 'Name more than 0.')
  return null
}

function refuseKinds(keys: readonly string[], facts: SpawnFacts): Verdict | null {
  if (keys.length === 0) {
    return refuse(
      'KAGE_AGENT_UNKNOWN',
      'No agent is named.',
      'Name one with -a, or set default_agents in config.toml.',
    )
  }
  for (const key of keys) {
    const kind = Object.hasOwn(facts.agentKinds, key) ? facts.agentKinds[key] : undefined
    if (kind === undefined) {
      const known = Object.keys(facts.agentKinds).join(', ') || 'none'
      return refuse(
        'KAGE_AGENT_UNKNOWN',
        `No agent "${key}" is configured; known: ${known}.`,
        `Define [agents.${key}] in config.toml.`,
      )
    }
    if (!isRunKind(kind.kind)) {
      return refuse(
        'KAGE_AGENT_KIND',
        `Agent "${key}" is of kind "${kind.kind}", which this version does not start.`,
      )
    }
    if (kind.problem !== null) return refuse(kind.problem.code, kind.problem.message, kind.problem.hint)
  }
  return null
}

function refusePlace(facts: SpawnFacts): Verdict | null {
  if (facts.prefixTaken) {
    const message = `A branch "${facts.prefix}" exists, so no branch "${facts.prefix}/…" can be made.`
    return refuse('KAGE_BRANCH_PREFIX_TAKEN', message)
  }
  if (facts.diskFreeBytes >= limit.diskFreeBytes) return null
  return refuse('KAGE_DISK_LOW', `Only ${Math.floor(facts.diskFreeBytes / 1e6)} MB are free for worktrees.`)
}
