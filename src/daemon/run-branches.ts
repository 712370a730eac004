import { containsChanges } from '../adapters/git/merge/contained.ts'
import { commitTree } from '../adapters/git/object/commit-tree.ts'
import { namersOf } from '../adapters/git/repository/branch-names.ts'
import { deleteBranchAt } from '../adapters/git/repository/branch.ts'
import { git } from '../adapters/git/command/git.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import { parkBranch } from '../adapters/git/repository/park-branch.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { resolveRevision } from '../adapters/git/repository/revision.ts'
import { listWorktrees } from '../adapters/git/worktree/worktree-list.ts'
import { agentsOf } from '../core/agent/kind.ts'
import { draft } from '../core/draft.ts'
import { agentsWithOpenRegions, landedOf } from '../core/landed.ts'
import type { Oid } from '../core/merge/change.ts'
import type { BranchRemoval } from '../core/protocol/cleaned.ts'
import type { AgentState, RunState } from '../core/state.ts'
import type { Parts } from './parts.ts'

/** Why a branch stays; one in use stays by force, too. */
interface Open {
  readonly reason: string
  readonly inUse: boolean
}

/** A branch of an agent as it is now; `open` is null where nothing is lost with it. */
export interface AgentBranch {
  readonly run: RunState
  readonly agent: AgentState
  readonly commit: Oid
  readonly open: Open | null
}

/** The branches that a run's agents left in the person's repository. */
export async function branchesOf(parts: Parts, run: RunState): Promise<AgentBranch[]> {
  const repository = await parts.repositories.ofRecord(run.repository)
  const commits = await branchCommits(repository, run)
  if (commits.size === 0) return []
  const review = await parts.reviews.review(run.id, (state) => landedOf(state, run.id))
  const state = parts.kernel.stateWith(run.id)
  const unsettled = agentsWithOpenRegions(
    state,
    run,
    review.regions.map(({ region }) => region),
  )
  const head = await commitTree(review.own, await resolveRevision(repository, 'HEAD'))
  const worktrees = await listWorktrees(repository)
  const namers = await namersOf(repository)
  const branches: AgentBranch[] = []
  for (const agent of run.agents) {
    const commit = commits.get(agent.branch)
    if (commit === undefined) continue
    const place = worktrees.find(({ branch }) => branch === agent.branch)?.path
    const known = { head, isSettled: !unsettled.has(agent.name) }
    const reason =
      place === undefined ? namers.get(`refs/heads/${agent.branch}`) : `it is checked out at ${place}`
    const used = reason === undefined ? null : { reason, inUse: true }
    const open = used ?? (await openOf(review.own, run, agent, commit, known))
    branches.push({ run, agent, commit, open })
  }
  return branches
}

/** The names of all branches of a repository. */
export async function branchNames(repository: Repository): Promise<ReadonlySet<string>> {
  const args = ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/']
  return new Set((await git(repository.place, args)).stdout.toString('utf8').split('\n'))
}

async function branchCommits(repository: Repository, run: RunState): Promise<Map<string, Oid>> {
  const agents = agentsOf(run)
  const names = agents.map(({ branch }) => `refs/heads/${branch}`)
  if (names.length === 0) return new Map()
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', ...names]
  const lines = (await git(repository.place, args)).stdout.toString('utf8').split('\n').filter(Boolean)
  const found = lines.map((line): [string, Oid] => {
    const [oid = '', name = ''] = line.split(' ')
    return [name.slice('refs/heads/'.length), oid]
  })
  return new Map(found.filter(([name]) => agents.some(({ branch }) => branch === name)))
}

async function openOf(
  own: Own,
  run: RunState,
  { worktreeState, capture }: AgentState,
  commit: Oid,
  { head, isSettled }: { readonly head: Oid; readonly isSettled: boolean },
): Promise<Open | null> {
  const open = (reason: string): Open => ({ reason, inUse: false })
  if (worktreeState === 'present') return { reason: 'its worktree is still there', inUse: true }
  const base = await commitTree(own, run.base)
  const tip = await commitTree(own, commit)
  if (capture === null) return tip === base ? null : open('it holds commits that were never captured')
  if (!(await containsChanges(own, base, capture.tree, tip)))
    return open('it was moved since its last capture')
  if (isSettled || (await containsChanges(own, base, head, capture.tree))) return null
  return open('not everything of it has landed')
}

/** Deletes the branches that hold nothing open, each only while it is where it was; with `force` the others are parked and deleted, too. */
export async function removeBranches(
  parts: Parts,
  branches: readonly AgentBranch[],
  force: boolean,
): Promise<BranchRemoval> {
  const deleted: string[] = []
  const parked: { branch: string; ref: string }[] = []
  const open: { branch: string; reason: string }[] = []
  for (const { run, agent, commit, open: why } of branches) {
    const { branch } = agent
    const repository = await parts.repositories.ofRecord(run.repository)
    if (why !== null && (!force || why.inUse)) {
      open.push({ branch, reason: why.reason })
      continue
    }
    const own = await parts.repositories.own(repository)
    const ref = why === null ? null : await parkBranch(own, branch, commit, run.base)
    if (!(await deleteBranchAt(repository, branch, commit))) {
      open.push({ branch, reason: 'it was moved just now' })
      continue
    }
    deleted.push(branch)
    if (ref !== null) parked.push({ branch, ref })
    const parkedAt = ref === null ? {} : { parked: ref }
    await parts.kernel.append([draft('branch.deleted', run.id, agent.name, { branch, commit, ...parkedAt })])
  }
  return { deleted, parked, open }
}

/** What `removeBranches` would do. */
export function plannedRemoval(branches: readonly AgentBranch[], force: boolean): BranchRemoval {
  const stays = ({ open }: AgentBranch): boolean => open !== null && (!force || open.inUse)
  return {
    deleted: branches.filter((branch) => !stays(branch)).map(({ agent }) => agent.branch),
    parked: [],
    open: branches
      .filter(stays)
      .map(({ agent, open }) => ({ branch: agent.branch, reason: open?.reason ?? '' })),
  }
}
