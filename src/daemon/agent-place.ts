import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Own } from '../adapters/git/repository/own.ts'
import { rowIn } from '../core/archive/past.ts'
import type { KnownAgent, ArchivedRun } from '../core/archive/row.ts'
import type { AgentState, RunState, State } from '../core/state.ts'

/** Where the git directory of an agent's own lies: `RUN-NAME.git` below Kage's data directory. */
export function gitDirOf(
  gitRoot: string,
  run: Pick<RunState, 'id'>,
  agent: Pick<AgentState, 'name'>,
): string {
  return join(gitRoot, `${run.id}-${agent.name}.git`)
}

/** Where Kage keeps its own index of an agent's checkout. */
export function indexOf(own: Own, run: Pick<RunState, 'id'>, agent: Pick<AgentState, 'name'>): string {
  return join(own.directory, 'indexes', `${run.id}-${agent.name}`)
}

/** Where the objects of an import lie until they are checked: beside the agent's git directory, on the same disk. */
export function quarantineOf(gitDir: string): string {
  return gitDir.replace(/(\.git)?$/, '.import')
}

/**
 * The top of the person's repository for a directory inside an agent's worktree that has a git directory of its own; null
 * elsewhere. Kage asks no git there, which would read the agent's configuration.
 */
export function repositoryRootFor(state: State, directory: string): string | null {
  for (const run of Object.values(state.runs).toReversed()) {
    for (const { gitKind, worktreeState, worktree } of run.agents) {
      if (gitKind !== 'own' || worktreeState !== 'present') continue
      if (isWithin(directory, worktree) || isWithin(directory, realPath(worktree))) return run.repository.root
    }
  }
  const archived = archivedAgentAt(state, directory)
  return archived?.agent.gitKind === 'own' ? archived.run.repository.root : null
}

/** The agent of an archived run whose worktree holds a directory; found by the worktree's name, `RUN-NAME`. */
export function archivedAgentAt(
  state: State,
  directory: string,
): { readonly run: ArchivedRun; readonly agent: KnownAgent } | null {
  for (let at = directory; dirname(at) !== at; at = dirname(at)) {
    const [, id = ''] = /^(r\d+)-/.exec(basename(at)) ?? []
    const run = id === '' || Object.hasOwn(state.runs, id) ? null : rowIn(state, id)
    const agent = run?.agents.find(
      ({ worktreeState, worktree }) =>
        worktreeState === 'present' && (worktree === at || realPath(worktree) === at),
    )
    if (run !== null && agent !== undefined) return { run, agent }
  }
  return null
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
