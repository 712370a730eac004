import { giveCommit } from '../adapters/git/give.ts'
import type { Own } from '../adapters/git/own.ts'
import type { Repository } from '../adapters/git/repository.ts'
import { findRevision } from '../adapters/git/revision.ts'
import { type Snapshot, snapshot } from '../adapters/git/snapshot.ts'
import { KageError } from '../core/error.ts'
import type { Oid } from '../core/merge/change.ts'
import type { Parts } from './parts.ts'

/** The person's worktree as it is now, uncommitted and untracked work included; nothing of theirs is written. */
export async function snapshotOfPerson(parts: Parts, repository: Repository, own: Own): Promise<Snapshot> {
  const head = await findRevision(repository, 'HEAD')
  if (head === null) throw new KageError('KAGE_REPOSITORY_EMPTY', `${repository.root} has no commit yet.`)
  return snapshotOn(parts, repository, own, head)
}

/** A commit on top of HEAD that holds the person's uncommitted work; its objects are lent to their repository, no ref is. */
export async function baseWithChanges(parts: Parts, repository: Repository, head: Oid): Promise<Oid> {
  const own = await parts.repositories.own(repository)
  const { commit } = await snapshotOn(parts, repository, own, head)
  await giveCommit(own, repository, commit)
  return commit
}

async function snapshotOn(parts: Parts, repository: Repository, own: Own, base: Oid): Promise<Snapshot> {
  const settings = await parts.repositories.settings(repository)
  const { root: workTree, gitDir } = repository
  return snapshot(own, { workTree, gitDir, base, settings, name: 'person' })
}
