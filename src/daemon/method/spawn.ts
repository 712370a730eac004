import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { branchesBelow } from '../../adapters/git/facts.ts'
import { fingerprint } from '../../adapters/git/fingerprint.ts'
import type { Repository } from '../../adapters/git/repository.ts'
import { resolveRevision } from '../../adapters/git/revision.ts'
import type { Loaded } from '../../adapters/config/load.ts'
import { freeBytes } from '../../adapters/store/disk.ts'
import type { Config } from '../../core/config.ts'
import { type AgentKindFacts, decideSpawn, type SpawnFacts } from '../../core/decide/spawn.ts'
import { KageError } from '../../core/error.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { runView } from '../../core/protocol/view.ts'
import { commandProblem } from '../command-problem.ts'
import { configurationFor } from '../configuration.ts'
import { recordOf } from '../repositories.ts'
import type { Parts } from '../parts.ts'
import { baseWithChanges } from '../person-tree.ts'

/** Starts a race: answers when the run with its names, branches and paths is durable. */
export async function spawn(parts: Parts, params: PersonParams['spawn']): Promise<Results['spawn']> {
  const repository = await parts.repositories.open(params.repo)
  const configured = await configurationFor(parts, repository, params.environment)
  const facts = await gather(parts, params, repository, configured)
  const { task, count, agents } = params
  return parts.kernel.execute({
    command: params.command,
    decide: (state) => decideSpawn(state, { task, count, agents }, facts),
    reply: (state, events) => {
      const run = state.runs[events[0]?.run ?? '']
      if (run === undefined) throw new Error('a run was started and is not there')
      parts.environments.remember(run.id, params.environment)
      return { run: runView(run, task), warnings: configured.warnings }
    },
  })
}

async function gather(
  parts: Parts,
  params: PersonParams['spawn'],
  repository: Repository,
  { config }: Loaded,
): Promise<SpawnFacts> {
  const worktreeRoot = join(
    parts.directories.data,
    'worktrees',
    `${slug(basename(repository.root))}-${repository.key}`,
  )
  const baseName = params.base ?? 'HEAD'
  const [base, below, settings, worktreesTaken] = await Promise.all([
    baseOf(parts, params, repository),
    branchesBelow(repository, config.branchPrefix),
    parts.repositories.settings(repository),
    readdir(worktreeRoot).catch(() => []),
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
    agentKinds: await kindsOf(config.agents, params, repository, base),
    agentsMax: config.limits.agents,
    worktreeRoot,
    worktreesTaken,
    socket: parts.servers.socketFor(params.environment),
    settings,
    fingerprint: await fingerprint(repository),
    diskFreeBytes: Math.min(freeBytes(parts.directories.data), freeBytes(parts.directories.state)),
  }
}

async function baseOf(parts: Parts, params: PersonParams['spawn'], repository: Repository): Promise<string> {
  if (params.withChanges && params.base !== null) {
    throw new KageError(
      'KAGE_USAGE',
      '--with-changes starts from your worktree, --base from a revision: name one.',
    )
  }
  const head = await resolveRevision(repository, params.base ?? 'HEAD').catch((thrown: unknown) => {
    if (params.base !== null || !(thrown instanceof KageError) || thrown.code !== 'KAGE_REVISION_UNKNOWN')
      throw thrown
    throw new KageError('KAGE_REPOSITORY_EMPTY', `${repository.root} has no commit yet.`)
  })
  return params.withChanges ? baseWithChanges(parts, repository, head) : head
}

async function kindsOf(
  agents: Config['agents'],
  params: PersonParams['spawn'],
  repository: Repository,
  base: string,
): Promise<Record<string, AgentKindFacts>> {
  const kinds: Record<string, AgentKindFacts> = {}
  const entries = Object.entries(agents).map(async ([name, agent]) => {
    if (agent.kind !== 'command')
      return [name, { kind: agent.kind, command: [], environment: [], problem: null }] as const
    const problem = await commandProblem(agent.command, params.environment['PATH'] ?? '', repository, base)
    return [name, { kind: agent.kind, command: agent.command, environment: agent.env, problem }] as const
  })
  for (const [name, kind] of await Promise.all(entries)) kinds[name] = kind
  return kinds
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
