import { isDeepStrictEqual } from 'node:util'
import { enumerateCandidates } from '../adapters/git/diff/enumerate.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import { nestedWork } from '../adapters/git/nested/work.ts'
import { type Snapshot, snapshot } from '../adapters/git/worktree/snapshot.ts'
import { agentId } from '../core/id.ts'
import { draft } from '../core/draft.ts'
import { uncapturedReason } from '../core/agent/status.ts'
import { faultOf, KageError } from '../core/error.ts'
import type { Capture, EventDraft } from '../core/event.ts'
import type { Candidate, TreePath } from '../core/merge/change.ts'
import { captureTimeoutMs } from '../core/retry.ts'
import type { RaisedNotice } from '../core/notice.ts'
import { agentOf, type AgentState, ended, type RunState } from '../core/state.ts'
import { indexOf } from './agent-place.ts'
import type { Kernel } from './kernel.ts'
import { type CaptureParts, siblingNotice } from './sibling.ts'

/** A snapshot of an agent's worktree now; null when it has none to look at. */
export async function captureNow(own: Own, run: RunState, agent: AgentState): Promise<Capture | null> {
  if (agent.worktreeState !== 'present' || agent.gitDir === null) return null
  const name = captureName(run, agent)
  const { worktree: workTree, gitDir } = agent
  const index = agent.gitKind === 'own' ? { index: indexOf(own, run, agent) } : {}
  const taken = await snapshot(own, {
    workTree,
    gitDir,
    ...index,
    base: run.base,
    settings: run.settings,
    name,
    largeBytes: run.largeFileBytes,
    timeoutMs: captureTimeoutMs(agent),
  })
  const { tree, commit, changed, leftOut, filtered, unconverted, inMotion } = taken
  const final = ended(agent)
  const nested = await nestedOf(own, run.base, workTree, taken, final)
  return {
    tree,
    commit,
    changed,
    final,
    ...(nested.length === 0 ? {} : { nested }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
    ...(filtered.length === 0 ? {} : { filtered }),
    ...(unconverted.length === 0 ? {} : { unconverted }),
    ...(inMotion ? { inMotion } : {}),
  }
}

/** A final capture looks into nested repositories, too; before that it only names those which differ from the base. */
async function nestedOf(
  own: Own,
  base: string,
  workTree: string,
  { tree, nested }: Snapshot,
  final: boolean,
): Promise<readonly TreePath[]> {
  return final ? nestedWork(own, { workTree, base, tree, nested }) : nested
}

/** The name under which Kage's own repository keeps the capture of an agent. */
export function captureName(run: RunState, agent: Pick<AgentState, 'name'>): string {
  return `${run.id}/${run.agents.findIndex((each) => each.name === agent.name)}`
}

/** The same; null, too, where somebody removed the worktree: its last capture stands. */
export async function captureIfThere(own: Own, run: RunState, agent: AgentState): Promise<Capture | null> {
  return captureNow(own, run, agent).catch((thrown: unknown) => {
    if (thrown instanceof KageError && thrown.code === 'KAGE_WORKTREE_MISSING') return null
    throw thrown
  })
}

/** The facts that a capture adds: none if it is like the last one, or if the agent has ended since it was begun. */
export function captureEvents(
  kernel: Kernel,
  run: RunState,
  name: string,
  capture: Capture,
  notice: RaisedNotice | null,
): EventDraft[] {
  const agent = agentOf(kernel.stateWith(run.id), run.id, name)
  if (agent === null || (ended(agent) && !capture.final)) return []
  const last = agent.capture
  if (last !== null && isDeepStrictEqual(last, capture)) return []
  // Told by the same append: the state names the earlier capture without a gap.
  const told = notice === null ? [] : [draft('notice.raised', run.id, null, { notices: [notice] })]
  return [...told, draft('candidate.captured', run.id, name, capture)]
}

/** Notes a capture, with the notice that it calls for. */
export async function noteCapture(
  parts: CaptureParts,
  own: Own,
  run: RunState,
  name: string,
  capture: Capture | null,
): Promise<void> {
  if (capture === null) return
  const notice = await siblingNotice(parts, own, run, name, capture)
  const events = captureEvents(parts.kernel, run, name, capture, notice)
  if (events.length > 0) await parts.kernel.append(events)
}

/** Candidates, and why an agent's work of this moment could not be captured, one sentence each. */
export interface Candidates {
  readonly candidates: readonly Candidate[]
  readonly problems: readonly string[]
}

/** Every agent's candidate as it is now, in the run's order, or as last captured; agents that have produced nothing yet are left out. */
export async function candidatesOf(parts: CaptureParts, own: Own, run: RunState): Promise<Candidates> {
  const { kernel } = parts
  const problems: string[] = []
  const captures = await Promise.all(
    run.agents.map(async (agent) => {
      const now = await captureIfThere(own, run, agent).catch((thrown: unknown) => {
        // What has failed before is in the state, and in the warnings that come from there.
        if (uncapturedReason(agent) === null) problems.push(problemOf(run, agent, faultOf(thrown).message))
        return null
      })
      const notice = now === null ? null : await siblingNotice(parts, own, run, agent.name, now)
      return { agent: agent.name, now, notice, capture: now ?? agent.capture }
    }),
  )
  const events = captures.map(({ agent, now, notice }) =>
    now === null ? [] : captureEvents(kernel, run, agent, now, notice),
  )
  await kernel.append(events.flat())
  const trees = captures.flatMap(({ agent, capture }) =>
    capture === null ? [] : [{ agent, tree: capture.tree }],
  )
  return { candidates: trees.length === 0 ? [] : await enumerateCandidates(own, run.base, trees), problems }
}

function problemOf(run: RunState, agent: AgentState, message: string): string {
  return `The latest work of ${agentId(run.id, agent.name)} could not be captured: ${message}`
}

/** Every agent's candidate as it was last captured. */
export async function capturedCandidates(own: Own, run: RunState): Promise<Candidate[]> {
  const trees = run.agents.flatMap(({ name: agent, capture }) =>
    capture === null ? [] : [{ agent, tree: capture.tree }],
  )
  return trees.length === 0 ? [] : enumerateCandidates(own, run.base, trees)
}
