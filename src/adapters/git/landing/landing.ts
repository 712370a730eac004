import { KageError } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import type { Conflict, Said } from '../../../core/merge/conflict.ts'
import { bytesOfPath } from '../../../core/merge/path.ts'
import { isWithin } from '../../../core/merge/path-order.ts'
import { inProgressAt } from '../repository/facts.ts'
import { git } from '../command/git.ts'
import { writeJournal } from './journal.ts'
import { findBranch, planBranch } from './landing-branch.ts'
import type { LandingOutcome, LandingRequest } from './landing-plan.ts'
import { planWorktree, snapshotOfTarget } from './landing-worktree.ts'
import { findPerson } from './person-commit.ts'
import type { Repository } from '../repository/repository.ts'
import { mergeResolved } from '../merge/resolve.ts'
import { treeChanges } from '../diff/tree-changes.ts'

const nothingSaid: Said = { ids: new Set(), to: () => null }

/** Plans a landing: merges what is decided with the target, looks at everything that it would touch, refuses or writes the journal; nothing of the person's is written. */
export async function planLanding(request: LandingRequest): Promise<LandingOutcome> {
  const { own, repository, base, composed, target } = request
  const person = target.kind === 'branch' ? findPerson(repository) : null
  person?.catch(() => {})
  const branch = target.kind === 'branch' ? await findBranch(request, target) : null
  if (branch?.current !== false) await refuseBusy(repository)
  const ours = branch === null ? await (request.looked ?? snapshotOfTarget(request)) : branch.tree
  const merged = await mergeResolved(
    own,
    { base, ours, theirs: composed, ...(request.decided ? { decided: request.decided } : {}) },
    request.said ?? nothingSaid,
  )
  if (branch === null) await refuseUntracked(request, { base, ours, conflicts: merged.conflicts })
  if (!merged.clean) {
    return { kind: 'conflict', tree: merged.tree, conflicts: merged.conflicts }
  }
  const { resolved } = merged
  if (merged.tree === ours) return { kind: 'nothing', tree: ours, resolved }
  const planned =
    branch === null || person === null
      ? await planWorktree(request, ours, merged.tree)
      : await planBranch(request, branch, { merged: merged.tree, person })
  if (request.dryRun !== true) await writeJournal(planned)
  return { kind: 'plan', plan: planned.plan, ours, resolved }
}

async function refuseBusy({ gitDir, root }: Repository): Promise<void> {
  const busy = await inProgressAt(gitDir)
  if (busy === null || busy === 'bisect') return
  throw new KageError('KAGE_REPOSITORY_BUSY', `A ${busy} is in progress in ${root}.`)
}

interface Settled {
  readonly base: Oid
  readonly ours: Oid
  readonly conflicts: readonly Conflict[]
}

// A file that git does not know yet is in the way, alone or in a directory; a tracked one that differs is a conflict.
async function refuseUntracked(
  { own, repository }: LandingRequest,
  { base, ours, conflicts }: Settled,
): Promise<void> {
  if (conflicts.length === 0) return
  const places = [...new Set(conflicts.flatMap(({ path, paths }) => [path, ...paths]))]
  const changes = await treeChanges(own, base, ours)
  const added = changes
    .filter((change) => change.old === null && places.some((place) => isWithin(change.path, place)))
    .map(({ path }) => path)
  if (added.length === 0) return
  const { stdout } = await git(repository.place, ['ls-files', '-z', '--cached', '--full-name'])
  const tracked = new Set(stdout.toString('latin1').split('\0'))
  const untracked = added.filter((path) => !tracked.has(bytesOfPath(path)))
  if (untracked.length === 0) return
  const shown = untracked.slice(0, 10).map((path) => JSON.stringify(path))
  throw new KageError('KAGE_TARGET_OCCUPIED', `${shown.join(', ')}: there already, untracked.`)
}
