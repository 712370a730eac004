import { importCommits, type ImportWish } from '../adapters/git/agent/import.ts'
import { commitOfWork, type GivenCommit, moveAgentBranch } from '../adapters/git/agent/publish.ts'
import { type AgentRefs, readAgentRefs } from '../adapters/git/agent/read-refs.ts'
import { heldBase, holdBase } from '../adapters/git/agent/base.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { draft } from '../core/draft.ts'
import { faultOf } from '../core/error.ts'
import type { EventDraft } from '../core/event.ts'
import { agentId } from '../core/id.ts'
import type { Oid } from '../core/merge/change.ts'
import type { AgentState, RunState } from '../core/state.ts'
import { firstLine } from '../core/task-subject.ts'
import { quarantineOf } from './agent-place.ts'

export interface WorkOfAgent {
  readonly own: Own
  readonly repository: Repository
  readonly run: RunState
  readonly agent: AgentState
}

/** The tip of an agent's own commits, imported into the person's repository. */
export interface ImportedTip {
  readonly tip: Oid
  /** Why its commits could not be imported; the tip is then the base. */
  readonly problem: string | null
}

/** Imports the commits that an agent's HEAD names. */
export async function importTip({ own, repository, run, agent }: WorkOfAgent): Promise<ImportedTip> {
  if (agent.gitDir === null || agent.gitKind !== 'own') return { tip: run.base, problem: null }
  try {
    const refs = await readAgentRefs(agent.gitDir)
    const tip = refs === null ? null : tipOf(refs, agent)
    if (tip === null) return { tip: run.base, problem: null }
    if (tip !== run.base && tip !== agent.published?.tip) {
      const release = await importCommits({ ...(await importWish(repository, run, agent)), tips: [tip] })
      // The agent's own gc drops what the person's repository has, too: it must not go there while the agent relies on it.
      await holdBase(own, repository, { run: run.id, base: run.base, tips: [tip] })
      await release()
    }
    return { tip, problem: null }
  } catch (thrown) {
    return { tip: run.base, problem: faultOf(thrown).message }
  }
}

/** What an import from an agent's store needs to know, but for the commits. */
export async function importWish(
  repository: Repository,
  run: RunState,
  agent: AgentState,
): Promise<Omit<ImportWish, 'tips'>> {
  const held = [run.base, (await heldBase(repository, run.id)) ?? run.base]
  const gitDir = agent.gitDir ?? ''
  return { repository, gitDir, held, quarantine: quarantineOf(gitDir) }
}

/** HEAD of an agent, or its branch where HEAD names nothing. */
export function tipOf(refs: AgentRefs, agent: Pick<AgentState, 'branch'>): Oid | null {
  return refs.head ?? refs.refs.get(`refs/heads/${agent.branch}`) ?? null
}

/** The commit that stands for a captured tree: the agent's tip, or one commit on top of it. */
export function workCommit(
  { own, repository, run, agent }: WorkOfAgent,
  { tip }: ImportedTip,
  tree: Oid,
): Promise<GivenCommit> {
  const message = `${firstLine(run.task)}\n\nKage-Agent: ${agentId(run.id, agent.name)}\n`
  const atSeconds = Math.floor(Date.parse(agent.since) / 1000)
  return commitOfWork(own, repository, { tree, tip, message, atSeconds })
}

/** Moves the agent's branch in the person's repository to its work; one that the person moved or has checked out is left alone. Never fails. */
export async function publish(work: WorkOfAgent, imported: ImportedTip, tree: Oid): Promise<EventDraft[]> {
  const { repository, run, agent } = work
  const { tip, problem } = imported
  const told = problem === null ? {} : { problem }
  const left = (commit: Oid | null, message: string): EventDraft[] => [
    draft('branch.left', run.id, agent.name, { commit, message }),
  ]
  try {
    const { commit, release } = await workCommit(work, imported, tree)
    const from = agent.published?.commit ?? run.base
    const moved = await releasing(release, () => moveAgentBranch(repository, agent.branch, from, commit))
    if (moved.isPublished) return [draft('branch.published', run.id, agent.name, { commit, tip, ...told })]
    return left(moved.commit, `the branch ${agent.branch} ${moved.reason} and is left alone`)
  } catch (thrown) {
    return left(null, `the branch ${agent.branch} could not be moved: ${faultOf(thrown).message}`)
  }
}

/** Does something with objects that were added, and lets the person's git collect them afterwards where no ref names them. */
export async function releasing<T>(release: () => Promise<void>, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } finally {
    await release()
  }
}
