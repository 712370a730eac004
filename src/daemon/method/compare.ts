import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { changedBetween } from '../../adapters/git/diff/changed.ts'
import { commitTree } from '../../adapters/git/object/commit-tree.ts'
import type { Own } from '../../adapters/git/repository/own.ts'
import { pinCommit } from '../../adapters/git/object/pin.ts'
import { openRepository, type Repository } from '../../adapters/git/repository/repository.ts'
import { findRevision, mergeBases, resolveRevision } from '../../adapters/git/repository/revision.ts'
import { snapshot } from '../../adapters/git/worktree/snapshot.ts'
import { type CompareFacts, decideCompare } from '../../core/decide/compare.ts'
import { KageError } from '../../core/error.ts'
import type { Oid } from '../../core/merge/change.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { runView } from '../../core/protocol/view.ts'
import { type AgentSubject, commitOfAgent, findAgentRevision, workNow } from '../agent-revision.ts'
import type { Parts } from '../parts.ts'
import { requireObjects } from '../partial-clone.ts'
import { recordOf } from '../repositories.ts'
import { taskOf } from '../task.ts'

/** What a name stands for: a commit, or a worktree that is looked at once. */
interface Revision {
  readonly name: string
  readonly commit: Oid
  readonly worktree: Repository | null
  /** The agent whose work is meant, whatever its branch shows. */
  readonly agent?: AgentSubject
  readonly warnings?: readonly string[]
}

/** Makes a run of revisions that anyone made. */
export async function compare(parts: Parts, params: PersonParams['compare']): Promise<Results['compare']> {
  const repository = await parts.repositories.open(params.repo)
  const own = await parts.repositories.own(repository)
  const revisions = await Promise.all(
    params.revisions.map((name) => revisionOf(parts, repository, params.repo, name)),
  )
  const base = await baseOf(repository, params.base, revisions)
  for (const commit of new Set([base, ...revisions.map((revision) => revision.commit)]))
    await requireObjects(parts, repository, commit)
  const facts: CompareFacts = {
    repository: recordOf(repository),
    base,
    baseName: params.base ?? 'merge base',
    settings: await parts.repositories.settings(repository),
    guarded: await parts.watch.begin(repository),
    revisions: await Promise.all(revisions.map((revision) => captured(parts, own, base, revision))),
  }
  return parts.kernel.execute({
    command: params.command,
    decide: (state) => decideCompare(state, facts),
    reply: (state, events) => {
      const run = state.runs[events[0]?.run ?? '']
      if (run === undefined) throw new Error('a run was started and is not there')
      const warnings = revisions.flatMap((revision) => revision.warnings ?? [])
      return { run: runView(run, run.taskWhole ? run.task : taskOf(parts.store, run)), warnings }
    },
  })
}

async function revisionOf(
  parts: Parts,
  repository: Repository,
  directory: string,
  name: string,
): Promise<Revision> {
  if (name === '') throw unknown(name)
  const commit = await findRevision(repository, name)
  const agent = await findAgentRevision(parts.kernel, repository, directory, name)
  if (agent !== null) {
    const warnings = commit === null ? [] : [`${name} is an agent and a revision: the agent is compared.`]
    return { name, commit: await commitOfAgent(repository, agent), worktree: null, agent, warnings }
  }
  if (commit !== null) return { name, commit, worktree: null }
  const path = resolve(directory, name)
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() !== true) throw unknown(name)
  const worktree = await openRepository(path)
  if (worktree.key !== repository.key) {
    throw new KageError('KAGE_REVISION_UNKNOWN', `${path} is a worktree of another repository.`)
  }
  return { name, commit: await resolveRevision(worktree, 'HEAD'), worktree }
}

function unknown(name: string): KageError {
  return new KageError(
    'KAGE_REVISION_UNKNOWN',
    `${JSON.stringify(name)} is neither a revision nor a worktree here.`,
  )
}

/** The one base of all: named, or the only merge base (with HEAD where a single revision is compared). */
async function baseOf(
  repository: Repository,
  named: string | null,
  revisions: readonly Revision[],
): Promise<Oid> {
  if (named !== null) return resolveRevision(repository, named)
  const commits = revisions.map((revision) => revision.commit)
  const ends = commits.length === 1 ? [...commits, await resolveRevision(repository, 'HEAD')] : commits
  const bases = await mergeBases(repository, ends)
  const [only, another] = bases
  if (only === undefined)
    throw new KageError('KAGE_MERGE_BASE_AMBIGUOUS', 'Those revisions have no common ancestor.')
  if (another === undefined) return only
  const list = bases.map((oid) => oid.slice(0, 12)).join(', ')
  throw new KageError('KAGE_MERGE_BASE_AMBIGUOUS', `Those revisions have several merge bases: ${list}.`)
}

async function captured(
  parts: Parts,
  own: Own,
  base: Oid,
  { name, commit, worktree, agent }: Revision,
): Promise<CompareFacts['revisions'][number]> {
  const kept = `compare/${commit}`
  if (worktree === null) {
    const work = agent === undefined ? null : await workNow(parts, own, agent)
    const tree = work?.tree ?? (await commitTree(own, commit))
    const { changed } = await changedBetween(own, base, tree)
    const ref = `refs/kage/snapshots/${work === null ? kept : `compare/${tree}`}`
    const pinned = await pinCommit(own, { ref, tree, base })
    return { name, worktree: '', capture: { tree, commit: pinned, changed, final: true } }
  }
  const { root: workTree, gitDir } = worktree
  const settings = await parts.repositories.settings(worktree)
  const taken = await snapshot(own, { workTree, gitDir, base, settings, name: `${kept}-${Date.now()}` })
  const { tree, changed } = taken
  return { name, worktree: workTree, capture: { tree, commit: taken.commit, changed, final: true } }
}
