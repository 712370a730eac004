import { snapshotOfTarget } from '../adapters/git/landing/landing-worktree.ts'
import { findRevision } from '../adapters/git/repository/revision.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { KageError } from '../core/error.ts'
import type { ByteSettings } from '../core/event.ts'
import type { Oid } from '../core/merge/change.ts'
import type { Parts } from './parts.ts'
import type { PickTarget } from './target.ts'

/** What a landing has to know of its target; the look at a worktree may still be under way. */
export interface TargetLook {
  readonly head: Oid
  readonly settings: ByteSettings
  readonly looked?: Promise<Oid>
}

/** Looks at the target of a landing, so that the candidates can be looked at meanwhile. */
export async function lookAtTarget(
  parts: Parts,
  repository: Repository,
  target: PickTarget,
): Promise<TargetLook> {
  const [head, settings, own] = await Promise.all([
    findRevision(repository, 'HEAD'),
    parts.repositories.settings(repository),
    parts.repositories.own(repository),
  ])
  if (head === null) throw new KageError('KAGE_REPOSITORY_EMPTY', `${repository.root} has no commit yet.`)
  if (target.ref !== null) return { head, settings }
  const looked = snapshotOfTarget({ own, repository, settings, head })
  looked.catch(() => {})
  return { head, settings, looked }
}
