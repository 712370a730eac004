import { randomUUID } from 'node:crypto'
import { changedPaths } from '../adapters/git/diff/changed-paths.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import { changedAt } from '../adapters/git/worktree/changed-at.ts'
import { areStopped, leftoversOf } from '../adapters/process/leftovers.ts'
import type { Capture } from '../core/event.ts'
import { agentId } from '../core/id.ts'
import { limit } from '../core/limit.ts'
import type { RaisedNotice } from '../core/notice.ts'
import { othersAtWork, restingSinceMs } from '../core/sibling.ts'
import { agentOf, type AgentState, type RunState } from '../core/state.ts'
import type { Kernel } from './kernel.ts'
import type { Spools } from './spool-place.ts'

/** What captures are noted with. */
export interface CaptureParts {
  readonly kernel: Kernel
  readonly spools: Spools
}

/**
 * The notice that a new capture of a resting agent calls for: somebody changed files of its worktree while other agents
 * worked. Only what is certain counts: nothing of the agent itself is there to write, and the kernel's time of a changed
 * file lies in the time in which another agent worked.
 */
export async function siblingNotice(
  { kernel, spools }: CaptureParts,
  own: Own,
  run: RunState,
  name: string,
  capture: Capture,
): Promise<RaisedNotice | null> {
  const agent = agentOf(kernel.state, run.id, name)
  const last = agent?.capture ?? null
  const restingMs = agent === null ? null : restingSinceMs(agent)
  if (agent === null || last === null || restingMs === null || last.tree === capture.tree) return null
  if (last.inMotion === true || mayWrite(spools, run, agent)) return null
  const paths = [...(await changedPaths(own, last.tree, capture.tree))].slice(0, limit.changedPathsTimed)
  const times = await changedAt(agent.worktree, paths)
  const agents = othersAtWork(
    kernel.state,
    run,
    name,
    times.filter((time) => time >= restingMs),
  )
  if (agents.length === 0 || agentOf(kernel.state, run.id, name)?.capture !== last) return null
  const id = agentId(run.id, name)
  return { id: randomUUID(), kind: 'worktree', name: id, before: last.commit, after: capture.commit, agents }
}

/** Whether a process of the agent is there that is not stopped. */
function mayWrite(spools: Spools, run: RunState, agent: AgentState): boolean {
  const left = [...leftoversOf(spools.marks(run.id, agent)).values()].flat()
  return !areStopped(left)
}
