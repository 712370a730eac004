import type { Repository } from '../adapters/git/repository/repository.ts'
import { KageError } from '../core/error.ts'
import type { Subject } from '../core/protocol/params.ts'
import type { RunState } from '../core/state.ts'
import { subjectToChange } from './method/look.ts'
import type { Parts } from './parts.ts'

/** A run that is reviewed, and the person's worktree that its pieces are to go to. */
export interface ReviewPlace {
  readonly run: RunState
  readonly repository: Repository
}

/** Finds a run and the worktree that is meant, which belongs to the run's repository; by default where the run was started. An archived run is brought back. */
export async function reviewPlace(parts: Parts, params: Subject): Promise<ReviewPlace> {
  const { run } = await subjectToChange(parts, params)
  const repository = await parts.repositories.open(params.repo ?? run.repository.root)
  requireOwn(run, repository)
  return { run, repository }
}

/** Refuses a repository that is not the run's. */
export function requireOwn(run: RunState, repository: Repository): void {
  if (repository.key === run.repository.key) return
  throw new KageError(
    'KAGE_RUN_UNKNOWN',
    `${run.id} belongs to ${run.repository.root}.`,
    'Go there, or name it with --repo.',
  )
}
