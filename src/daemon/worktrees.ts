import { existsSync } from 'node:fs'
import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { addAgentWorktree } from '../adapters/git/agent/add.ts'
import { removeOwnDirectory, requireOwnDirectory } from '../adapters/git/agent/remove.ts'
import { deleteBranchAt } from '../adapters/git/repository/branch.ts'
import type { GitPlace } from '../adapters/git/command/git.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { addWorktree, removeWorktree } from '../adapters/git/worktree/worktree.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import type { EventDraft } from '../core/event.ts'
import type { AgentState, RunState } from '../core/state.ts'
import { keepBase } from './bases.ts'
import { gitDirOf, indexOf, quarantineOf } from './agent-place.ts'
import type { Hands } from './hands.ts'

interface Subject {
  readonly run: RunState
  readonly agent: AgentState
}

/** Makes an agent's worktree: with a git directory of its own, or linked to the person's where the run says so. */
export async function addIts(hands: Hands, { run, agent }: Subject): Promise<EventDraft[]> {
  const repository = await hands.repositories.ofRecord(run.repository)
  const isOwn = run.git === 'own'
  const gitDir = isOwn
    ? await addOwn(hands, { run, agent }, repository)
    : await addLinked(hands, { run, agent }, repository)
  return [draft('worktree.added', run.id, agent.name, isOwn ? { gitDir, kind: 'own' } : { gitDir })]
}

async function addOwn(hands: Hands, { run, agent }: Subject, repository: Repository): Promise<string> {
  const own = await hands.repositories.own(repository)
  const place = (): Promise<GitPlace> => hands.repositories.placeOf(run.id, repository)
  const { seed, guards, branches } = await hands.seeds.of({ run, own, repository, place })
  // What an attempt left that a crash ended: no program has been started there yet, so both are made again.
  await removeOwn(hands, { run, agent })
  const { worktree: workTree, branch } = agent
  const gitDir = gitDirOf(hands.gitRoot, run, agent)
  const index = indexOf(own, run, agent)
  const { base } = run
  const isBranchMade = branches.has(branch)
  const wish = { repository, seed, workTree, gitDir, branch, isBranchMade, base, index, settings: guards }
  return addAgentWorktree(wish).catch(async (thrown: unknown) => {
    branches.delete(branch)
    await deleteBranchAt(repository, branch, base)
    throw thrown
  })
}

async function addLinked(hands: Hands, { run, agent }: Subject, repository: Repository): Promise<string> {
  const own = await hands.repositories.own(repository)
  const [place] = await Promise.all([
    hands.repositories.placeOf(run.id, repository),
    keepBase(own, repository, run),
  ])
  const request = { path: agent.worktree, branch: agent.branch, base: run.base, place }
  // Left by an attempt that a crash ended: no program has been started there yet, so it is made again.
  if (existsSync(agent.worktree)) await removeWorktree(repository, agent.worktree, hands.worktreeRoot)
  return addWorktree(repository, request).catch(async (thrown: unknown) => {
    if (!(thrown instanceof KageError) || thrown.code !== 'KAGE_BRANCH_TAKEN') throw thrown
    if (!(await deleteBranchAt(repository, agent.branch, run.base))) throw thrown
    return addWorktree(repository, request)
  })
}

/** Removes an agent's worktree with its git directory; what is in them must be stored elsewhere. */
export async function removeTrees(hands: Hands, subject: Subject): Promise<void> {
  const { run, agent } = subject
  const repository = await hands.repositories.ofRecord(run.repository)
  if ((agent.gitKind ?? run.git) === 'own') {
    await requireNoRepository(agent.worktree)
    await removeOwn(hands, subject)
    await rm(indexOf(await hands.repositories.own(repository), run, agent), { force: true })
    return
  }
  await removeWorktree(repository, agent.worktree, hands.worktreeRoot).catch(async (thrown: unknown) => {
    if (!(thrown instanceof KageError) || thrown.code !== 'KAGE_WORKTREE_MISSING') throw thrown
    // Somebody removed the entry that git had of it: only the directory may be left, which Kage made.
    await removeOwnDirectory(agent.worktree, hands.worktreeRoot)
  })
}

async function requireNoRepository(workTree: string): Promise<void> {
  const found = await lstat(join(workTree, '.git')).catch(() => null)
  if (found?.isDirectory() === true)
    throw new KageError(
      'KAGE_WORKTREE_KEPT',
      `${workTree} holds a repository of its own now: it is left alone.`,
    )
}

async function removeOwn(hands: Hands, { run, agent }: Subject): Promise<void> {
  const gitDir = gitDirOf(hands.gitRoot, run, agent)
  // A worktree that is left alone keeps its git directory.
  await requireOwnDirectory(agent.worktree, hands.worktreeRoot)
  for (const path of [quarantineOf(gitDir), gitDir]) await removeOwnDirectory(path, hands.gitRoot)
  await removeOwnDirectory(agent.worktree, hands.worktreeRoot)
}
