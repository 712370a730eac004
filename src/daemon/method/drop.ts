import { holdsCommit } from '../../adapters/git/landing/branch-step.ts'
import { keepJournalAside } from '../../adapters/git/landing/journal.ts'
import { snapshotOfTarget } from '../../adapters/git/landing/landing-worktree.ts'
import { changedPaths } from '../../adapters/git/diff/changed-paths.ts'
import { byteSettings } from '../../adapters/git/repository/byte-settings.ts'
import type { Own } from '../../adapters/git/repository/own.ts'
import type { Repository } from '../../adapters/git/repository/repository.ts'
import { resolveRevision } from '../../adapters/git/repository/revision.ts'
import { listWorktrees } from '../../adapters/git/worktree/worktree-list.ts'
import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import type { EventDraft } from '../../core/event.ts'
import type { TreePath } from '../../core/merge/change.ts'
import { isCutOff, journalOf } from '../../core/landing-phase.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Dropped } from '../../core/protocol/dropped.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { LandingState } from '../../core/state.ts'
import { journalProblem } from '../landings.ts'
import type { Parts } from '../parts.ts'

/** Gives up a landing or an undo that was cut off and whose journal cannot be read: nothing is written, its journal stays aside, and the answer tells how each path stands. */
export async function drop(parts: Parts, params: PersonParams['drop']): Promise<Results['drop']> {
  const repository = await parts.repositories.open(params.repo)
  return parts.lanes.run(repository.key, async () => {
    const known = parts.store.commandReply(params.command)
    if (known !== null) return JSON.parse(known) as Dropped
    const landing = cutOff(parts, repository, params.id)
    const own = await parts.repositories.own(repository)
    const problem = await journalProblem(own, journalOf(landing))
    if (problem === null) throw stillWhole(landing)
    const standing = await standingOf(parts, own, repository, landing)
    const journal = await keepJournalAside(own, journalOf(landing))
    return parts.kernel.execute({
      command: params.command,
      decide: () => ({ events: [endOf(landing, problem, standing.neither)] }),
      reply: (): Dropped => ({ dropped: landing.undo, journal, ...standing }),
    })
  })
}

function cutOff(parts: Parts, repository: Repository, id: string): LandingState {
  const landing = parts.kernel.state.landings[id]
  if (landing?.repository === repository.key && isCutOff(landing)) return landing
  const message = `There is no landing "${id}" here that was cut off.`
  throw new KageError('KAGE_UNDO_UNKNOWN', message, '`kage verify` names those that were.')
}

function stillWhole({ undo }: LandingState): KageError {
  const message = `The journal of ${undo} is whole: the next start of the daemon takes it up again.`
  return new KageError(
    'KAGE_UNDO_UNKNOWN',
    message,
    '`kage daemon restart` starts it; daemon.log says what failed.',
  )
}

function endOf(
  { run, undo, phase }: LandingState,
  problem: string,
  foreign: readonly TreePath[],
): EventDraft {
  const message = `given up by the person: ${problem}`
  return phase === 'undoing'
    ? draft('merge.kept', run, null, { undo, message })
    : draft('merge.dropped', run, null, { undo, message, foreign })
}

type Standing = Omit<Dropped, 'dropped' | 'journal'>

/** How the paths and the commit of a landing stand now, by the trees that the event has; a look that fails leaves them unknown. */
async function standingOf(
  parts: Parts,
  own: Own,
  repository: Repository,
  landing: LandingState,
): Promise<Standing> {
  const { target, commit } = landing
  const committed = commit === null ? null : await holdsCommit(repository, target, commit)
  const here = await worktreeOf(parts, repository, target)
  const paths = here === null ? null : await pathsIn(own, here, landing).catch(() => null)
  const unknown = { asLanded: [], asBefore: [], neither: [], waiting: [], unknown: landing.paths }
  return { committed, ...(paths ?? (here === null ? { ...unknown, unknown: [] } : unknown)) }
}

/** The worktree that the landing writes to; null where it writes to a branch alone. */
async function worktreeOf(parts: Parts, repository: Repository, target: string): Promise<Repository | null> {
  if (!target.startsWith('refs/')) return parts.repositories.open(target).catch(() => repository)
  const worktrees = await listWorktrees(repository)
  const place = worktrees.find(({ branch }) => `refs/heads/${branch}` === target)?.path
  return place === undefined ? null : parts.repositories.open(place).catch(() => null)
}

async function pathsIn(
  own: Own,
  repository: Repository,
  { undo, paths, tree, from }: LandingState,
): Promise<Pick<Standing, 'asLanded' | 'asBefore' | 'neither' | 'waiting' | 'unknown'>> {
  const head = await resolveRevision(repository, 'HEAD')
  const settings = await byteSettings(repository)
  const now = await snapshotOfTarget({ own, repository, settings, head })
  const [unlanded, changed] = [await changedPaths(own, tree, now), await changedPaths(own, from ?? tree, now)]
  const asLanded = paths.filter((path) => !unlanded.has(path))
  const asBefore = paths.filter((path) => unlanded.has(path) && from !== undefined && !changed.has(path))
  const told = new Set([...asLanded, ...asBefore])
  const isWaiting = (path: TreePath): boolean =>
    path.slice(path.lastIndexOf('/') + 1).startsWith(`.kage-${undo}-`)
  return {
    asLanded,
    asBefore,
    neither: paths.filter((path) => !told.has(path)),
    waiting: [...changed].filter(isWaiting),
    unknown: [],
  }
}
