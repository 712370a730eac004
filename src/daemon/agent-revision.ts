import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { branchTip } from '../adapters/git/agent/publish.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { KageError } from '../core/error.ts'
import type { Capture } from '../core/event.ts'
import { agentId } from '../core/id.ts'
import type { Oid } from '../core/merge/change.ts'
import { agentOf, type AgentState, type RunState, type State } from '../core/state.ts'
import { captureIfThere, noteCapture } from './candidates.ts'
import type { CaptureParts } from './sibling.ts'

/** An agent whose work is compared: named by its id, or by the path of its worktree. */
export interface AgentSubject {
  readonly run: RunState
  readonly agent: AgentState
}

/** The agent of a repository that a word names, by its id or by its worktree; null where it names none. */
export async function findAgentRevision(
  state: State,
  repository: Repository,
  directory: string,
  word: string,
): Promise<AgentSubject | null> {
  const [, id, name] = /^(r\d+)\/(.+)$/s.exec(word) ?? []
  const run = id === undefined ? undefined : state.runs[id]
  const agent = run === undefined ? null : agentOf(state, run.id, name ?? '')
  if (run !== undefined && agent !== null && run.repository.key === repository.key) return { run, agent }
  return agentAt(state, repository, resolve(directory, word))
}

async function agentAt(state: State, { key }: Repository, path: string): Promise<AgentSubject | null> {
  const real = await realpath(path).catch(() => null)
  if (real === null) return null
  for (const run of Object.values(state.runs)) {
    for (const agent of run.repository.key === key ? run.agents : []) {
      if (agent.gitKind === null || agent.worktreeState !== 'present') continue
      if ((await realpath(agent.worktree).catch(() => null)) === real) return { run, agent }
    }
  }
  return null
}

/** The work of an agent as it is now, else as it was captured last; refused with KAGE_CANDIDATE_MISSING where there is none. */
export async function workNow(parts: CaptureParts, own: Own, { run, agent }: AgentSubject): Promise<Capture> {
  const now = await captureIfThere(own, run, agent)
  await noteCapture(parts, own, run, agent.name, now)
  const capture = now ?? agent.capture
  if (capture !== null) return capture
  throw new KageError('KAGE_CANDIDATE_MISSING', `${agentId(run.id, agent.name)} is ${agent.status}.`)
}

/** The commit in the person's repository that an agent's work is nearest to. */
export async function commitOfAgent(repository: Repository, { run, agent }: AgentSubject): Promise<Oid> {
  if (agent.published !== null) return agent.published.commit
  return agent.gitKind === 'linked' ? ((await branchTip(repository, agent.branch)) ?? run.base) : run.base
}
