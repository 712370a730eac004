import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type AbsentHooks, absentHooks } from '../../adapters/git/repository/absent-hooks.ts'
import { readSettings } from '../../adapters/git/repository/config.ts'
import { branchesBelow } from '../../adapters/git/repository/facts.ts'
import type { Repository } from '../../adapters/git/repository/repository.ts'
import { freeBytes } from '../../adapters/store/disk.ts'
import { limitsWithoutHold } from '../../core/decide/hold.ts'
import { decideSpawn, type SpawnFacts } from '../../core/decide/spawn.ts'
import type { KageEvent, RunStarted } from '../../core/event.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { runView } from '../../core/protocol/view.ts'
import type { RunState, State } from '../../core/state.ts'
import { agentKinds } from '../agent-kinds.ts'
import { type Configured, configurationFor } from '../configuration.ts'
import { absentHooksWords } from '../doctor-repository.ts'
import { recordOf } from '../repositories.ts'
import type { Parts } from '../parts.ts'
import { baseOfRun, type RunBase } from '../run-base.ts'

/** Starts a race: answers when the run with its names, branches and paths is durable. */
export async function spawn(parts: Parts, params: PersonParams['spawn']): Promise<Results['spawn']> {
  const repository = await parts.repositories.open(params.repo)
  const configured = await configurationFor(parts, repository, params.environment)
  const keyNames = Object.values(configured.config.providers).map(({ keyEnv }) => keyEnv)
  parts.secrets.learn(params.environment, keyNames)
  const base = await baseOfRun(parts, params, repository)
  const absent = await absentHooksOf(repository, configured)
  const facts = await gather(parts, params, repository, configured, base)
  const { task, count, agents, maxTurns = null, budgetUsd = null } = params
  return parts.kernel.execute({
    command: params.command,
    decide: (state) => decideSpawn(state, { task, count, agents, maxTurns, budgetUsd }, facts),
    reply: (state, events) => {
      const { run, started } = startedRun(state, events)
      parts.environments.remember(run.id, params.environment, run.agents)
      const warnings = [
        ...configured.warnings,
        ...base.warnings,
        ...(absent === null ? [] : [absentHooksWords(absent)]),
        ...limitsWithoutHold({ maxTurns, budgetUsd }, started.agents),
        ...(started.task === task ? [] : ['The task held a key; the agents see [redacted] in its place.']),
      ]
      return { run: runView(run, started.task), warnings }
    },
  })
}

/** An agent with a git directory of its own runs the hooks of the person's worktree; a linked worktree has its own copy or none. */
async function absentHooksOf(repository: Repository, { config }: Configured): Promise<AbsentHooks | null> {
  return config.worktree.git === 'own' ? null : absentHooks(repository, await readSettings(repository.place))
}

function startedRun(state: State, events: readonly KageEvent[]): { run: RunState; started: RunStarted } {
  const [event] = events
  const run = state.runs[event?.run ?? '']
  if (event?.type !== 'run.started' || run === undefined)
    throw new Error('a run was started and is not there')
  return { run, started: event.data }
}

async function gather(
  parts: Parts,
  params: PersonParams['spawn'],
  repository: Repository,
  configured: Configured,
  { base }: RunBase,
): Promise<SpawnFacts> {
  const { config } = configured
  const worktreeRoot = join(
    parts.directories.data,
    'worktrees',
    `${slug(basename(repository.root))}-${repository.key}`,
  )
  const baseName = params.base ?? 'HEAD'
  const [below, settings, worktreesTaken, gitDirsTaken] = await Promise.all([
    branchesBelow(repository, config.branchPrefix),
    parts.repositories.settings(repository),
    readdir(worktreeRoot).catch(() => []),
    readdir(join(parts.directories.data, 'git')).catch(() => []),
  ])
  await parts.servers.requireTmux()
  return {
    repository: recordOf(repository),
    base,
    baseName,
    prefix: config.branchPrefix,
    prefixTaken: below.includes(config.branchPrefix),
    branches: below.filter((name) => name !== config.branchPrefix),
    defaultAgents: config.defaultAgents,
    agentKinds: await agentKinds(configured, params.environment, repository, base),
    limits: config.limits,
    worktreeRoot,
    worktreesTaken: [...worktreesTaken, ...gitDirsTaken],
    socket: parts.servers.socketFor(params.environment),
    settings,
    largeFileBytes: config.worktree.largeFileBytes,
    guarded: await parts.watch.begin(repository),
    git: config.worktree.git,
    refs: config.worktree.refs,
    attentionMs: config.attentionMs,
    diskFreeBytes: Math.min(freeBytes(parts.directories.data), freeBytes(parts.directories.state)),
  }
}

/** A directory's name as a part of another: plain characters only. */
function slug(name: string): string {
  return (
    name
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 40) || 'repository'
  )
}
