import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { branchTip } from '../adapters/git/agent/publish.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { KageError } from '../core/error.ts'
import type { Capture } from '../core/event.ts'
import { agentId } from '../core/id.ts'
import type { Oid } from '../core/merge/change.ts'
import { agentOf, type AgentState, type RunState } from '../core/state.ts'
import { archivedAgentAt } from './agent-place.ts'
import { captureIfThere, noteCapture } from './candidates.ts'
import type { Kernel } from './kernel.ts'
import type { CaptureParts } from './sibling.ts'

/** An agent whose work is compared: named by its id, or by the path of its worktree. */
export interface AgentSubject {
  readonly run: RunState
  readonly agent: AgentState
}

/** The agent of a repository that a word names, by its id or by its worktree; null where it names none. */
export async function findAgentRevision(
  kernel: Kernel,
  repository: Repository,
  directory: string,
  word: string,
): Promise<AgentSubject | null> {
  const [, id, name] = /^(r\d+)\/(.+)$/s.exec(word) ?? []
  const state = id === undefined ? kernel.state : kernel.stateWith(id)
  const run = id === undefined ? undefined : state.runs[id]
  const agent = run === undefined ? null : agentOf(state, run.id, name ?? '')
  if (run !== undefined && agent !== null && run.repository.key === repository.key) return { run, agent }
  return agentAt(kernel, repository, resolve(directory, word))
}

async function agentAt(kernel: Kernel, { key }: Repository, path: string): Promise<AgentSubject | null> {
  const { state } = kernel
  const real = await realpath(path).catch(() => null)
  if (real === null) return null
  for (const run of Object.values(state.runs)) {
    for (const agent of run.repository.key === key ? run.agents : []) {
      if (agent.gitKind === null || agent.worktreeState !== 'present') continue
      if ((await realpath(agent.worktree).catch(() => null)) === real) return { run, agent }
    }
  }
  const row = archivedAgentAt(state, real)
  if (row === null || row.run.repository.key !== key) return null
  const run = kernel.stateWith(row.run.id).runs[row.run.id]
  const agent = run?.agents.find(({ name }) => name === row.agent.name)
  return run === undefined || agent === undefined ? null : { run, agent }
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
