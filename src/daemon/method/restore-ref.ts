import { commitTree } from '../../adapters/git/object/commit-tree.ts'
import { changedPaths } from '../../adapters/git/diff/changed-paths.ts'
import type { Own } from '../../adapters/git/repository/own.ts'
import type { Repository } from '../../adapters/git/repository/repository.ts'
import { restoreRef as putBack, restoreStash } from '../../adapters/git/watch/keep-lost.ts'
import { createBranch } from '../../adapters/git/worktree/worktree.ts'
import { archivedOf } from '../../core/archive/archive.ts'
import { numberOfId } from '../../core/id.ts'
import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { Oid } from '../../core/merge/change.ts'
import { pathToWire } from '../../core/merge/path.ts'
import { type NoticeState, noticeView, openNotices, type RestorableView } from '../../core/notice.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { releasing, workCommit } from '../agent-branch.ts'
import { keepBase } from '../bases.ts'
import type { Parts } from '../parts.ts'
import { findAgent } from '../subject.ts'

interface Lost extends NoticeState {
  readonly run: string
}

/**
 * Lists what was lost while agents worked in a repository or, with a name, puts that back: a ref by compare-and-swap, all
 * lost entries of the stash with the oldest first, an agent's files as branches that hold them as they were.
 */
export async function restoreRef(
  parts: Parts,
  params: PersonParams['restoreRef'],
): Promise<Results['restoreRef']> {
  const repository = await parts.repositories.known(params.repo)
  return parts.lanes.run(repository.key, async () => {
    await lookNow(parts, repository)
    const lost = lostIn(parts, repository)
    if (params.name === null) return { refs: await listed(parts, repository, lost) }
    const chosen = chosenOf(lost, params.name)
    const restored = await restore(parts, repository, chosen)
    for (const run of new Set(chosen.map((each) => each.run))) {
      const ids = chosen.filter((each) => each.run === run).map(({ id }) => id)
      await parts.kernel.append([draft('ref.restored', run, null, { ids })])
    }
    await lookNow(parts, repository)
    return { refs: restored }
  })
}

/** Of a worktree with the paths that changed. */
async function listed(
  parts: Parts,
  repository: Repository,
  lost: readonly Lost[],
): Promise<RestorableView[]> {
  const own = await parts.repositories.own(repository)
  return Promise.all(
    lost.map(async (notice) => {
      const view = noticeView(notice)
      if (notice.kind !== 'worktree' || notice.after === null) return view
      const trees = [commitTree(own, notice.before), commitTree(own, notice.after)] as const
      const paths = [...(await changedPaths(own, ...(await Promise.all(trees))))]
      return { ...view, paths: paths.slice(0, limit.changedPathsShown).map(pathToWire) }
    }),
  )
}

async function lookNow(parts: Parts, { key }: Repository): Promise<void> {
  const run = Object.values(parts.kernel.state.runs).findLast(({ repository }) => repository.key === key)
  if (run !== undefined) await parts.watch.look(run.id)
}

function lostIn({ kernel }: Parts, { key }: Repository): Lost[] {
  const { runs, archive } = kernel.state
  const live = Object.values(runs).filter(({ repository }) => repository.key === key)
  return [...archivedOf(archive, key), ...live]
    .toSorted((one, other) => numberOfId(one.id) - numberOfId(other.id))
    .flatMap((run) => openNotices(run).map((notice) => ({ ...notice, run: run.id })))
}

/** Of a ref that was lost more than once the last loss; of the stash and of a worktree everything, oldest first. */
function chosenOf(lost: readonly Lost[], name: string): Lost[] {
  const names = [name, `refs/${name}`, `refs/heads/${name}`, `refs/tags/${name}`]
  const found = names
    .map((each) => lost.filter((notice) => notice.name === each))
    .find(({ length }) => length > 0)
  if (found === undefined)
    throw new KageError(
      'KAGE_REVISION_UNKNOWN',
      `Nothing named "${name}" was lost while agents worked.`,
      '`kage restore-ref` lists what was.',
    )
  return found[0]?.kind === 'ref' ? found.slice(-1) : found
}

async function restore(
  parts: Parts,
  repository: Repository,
  chosen: readonly Lost[],
): Promise<RestorableView[]> {
  const own = await parts.repositories.own(repository)
  const [first] = chosen
  if (first?.kind === 'worktree') return branchesOf(parts, own, repository, chosen)
  if (first?.kind === 'stash')
    await restoreStash(
      own,
      repository,
      chosen.map(({ before, message = '' }) => ({ before, message })),
    )
  else for (const each of chosen) await putBack(own, repository, each)
  return chosen.map(noticeView)
}

/** Makes a branch of each earlier capture, one commit on the run's base; the worktree may hold newer work and is left alone. */
async function branchesOf(
  parts: Parts,
  own: Own,
  repository: Repository,
  chosen: readonly Lost[],
): Promise<RestorableView[]> {
  const restored: RestorableView[] = []
  for (const notice of chosen) {
    const { run, agent } = findAgent(parts.kernel, null, notice.name)
    await keepBase(own, repository, run)
    const work = { own, repository, run, agent }
    const tree = await commitTree(own, notice.before)
    const { commit, release } = await workCommit(work, { tip: run.base, problem: null }, tree)
    const branch = await releasing(release, () => createFree(repository, notice.name, commit))
    restored.push({ ...noticeView(notice), branch })
  }
  return restored
}

/** `restored/r1/ada`, or with the first number that is free. */
async function createFree(repository: Repository, name: string, base: Oid): Promise<string> {
  for (let count = 1; ; count++) {
    const branch = `restored/${name}${count === 1 ? '' : `-${count}`}`
    try {
      await createBranch(repository.place, { branch, base })
      return branch
    } catch (thrown) {
      const isTaken = thrown instanceof KageError && thrown.code === 'KAGE_BRANCH_TAKEN'
      if (!isTaken || count >= limit.restoredBranches) throw thrown
    }
  }
}
