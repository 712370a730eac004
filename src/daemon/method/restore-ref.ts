import type { Repository } from '../../adapters/git/repository/repository.ts'
import { restoreRef as putBack, restoreStash } from '../../adapters/git/watch/keep-lost.ts'
import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import { type NoticeState, noticeView, openNotices } from '../../core/notice.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Parts } from '../parts.ts'

interface Lost extends NoticeState {
  readonly run: string
}

/**
 * Lists what of the person's refs and stash was lost while agents worked in a repository or, with a name, puts that back: a
 * ref by compare-and-swap, all lost entries of the stash with the oldest first.
 */
export async function restoreRef(
  parts: Parts,
  params: PersonParams['restoreRef'],
): Promise<Results['restoreRef']> {
  const repository = await parts.repositories.known(params.repo)
  return parts.lanes.run(repository.key, async () => {
    await lookNow(parts, repository)
    const lost = lostIn(parts, repository)
    if (params.name === null) return { refs: lost.map(noticeView) }
    const chosen = chosenOf(lost, params.name)
    await restore(parts, repository, chosen)
    for (const run of new Set(chosen.map((each) => each.run))) {
      const ids = chosen.filter((each) => each.run === run).map(({ id }) => id)
      await parts.kernel.append([draft('ref.restored', run, null, { ids })])
    }
    await lookNow(parts, repository)
    return { refs: chosen.map(noticeView) }
  })
}

async function lookNow(parts: Parts, { key }: Repository): Promise<void> {
  const run = Object.values(parts.kernel.state.runs).findLast(({ repository }) => repository.key === key)
  if (run !== undefined) await parts.watch.look(run.id)
}

function lostIn({ kernel }: Parts, { key }: Repository): Lost[] {
  return Object.values(kernel.state.runs)
    .filter(({ repository }) => repository.key === key)
    .flatMap((run) => openNotices(run).map((notice) => ({ ...notice, run: run.id })))
}

/** Of a ref that was lost more than once the last loss; of the stash every entry, oldest first. */
function chosenOf(lost: readonly Lost[], name: string): Lost[] {
  const names = [name, `refs/${name}`, `refs/heads/${name}`, `refs/tags/${name}`]
  const found = names
    .map((each) => lost.filter((notice) => notice.name === each))
    .find(({ length }) => length > 0)
  if (found === undefined)
    throw new KageError(
      'KAGE_REVISION_UNKNOWN',
      `No ref "${name}" was lost while agents worked.`,
      '`kage restore-ref` lists what was.',
    )
  return found[0]?.kind === 'stash' ? found : found.slice(-1)
}

async function restore(parts: Parts, repository: Repository, chosen: readonly Lost[]): Promise<void> {
  const own = await parts.repositories.own(repository)
  const [first] = chosen
  if (first?.kind === 'stash')
    return restoreStash(
      own,
      repository,
      chosen.map(({ before, message = '' }) => ({ before, message })),
    )
  for (const each of chosen) await putBack(own, repository, each)
}
