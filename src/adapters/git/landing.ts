import { KageError } from '../../core/error.ts'
import type { Conflict, Said } from '../../core/merge/conflict.ts'
import { inProgressAt } from './facts.ts'
import { git } from './git.ts'
import { writeJournal } from './journal.ts'
import { findBranch, planBranch } from './landing-branch.ts'
import type { LandingOutcome, LandingRequest } from './landing-plan.ts'
import { planWorktree, snapshotOfTarget } from './landing-worktree.ts'
import { findPerson } from './person-commit.ts'
import type { Repository } from './repository.ts'
import { mergeResolved } from './resolve.ts'

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
  if (branch === null) await refuseUntracked(repository, merged.conflicts)
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

// A file that git does not know yet is in the way; a tracked one that differs is a conflict.
async function refuseUntracked(repository: Repository, conflicts: readonly Conflict[]): Promise<void> {
  const added = conflicts.filter(({ base, ours }) => base === null && ours !== null).map(({ path }) => path)
  if (added.length === 0) return
  const { stdout } = await git(repository.place, ['ls-files', '-z', '--others', '--', ...added])
  const untracked = stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
  if (untracked.length === 0) return
  throw new KageError(
    'KAGE_TARGET_OCCUPIED',
    `${untracked.map((path) => JSON.stringify(path)).join(', ')}: there already, untracked.`,
  )
}
