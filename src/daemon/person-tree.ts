import { giveCommit } from '../adapters/git/repository/give.ts'
import { overlayTexts, type UnwrittenText } from '../adapters/git/worktree/overlay.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import { pinCommit } from '../adapters/git/object/pin.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { findRevision } from '../adapters/git/repository/revision.ts'
import { type Snapshot, snapshot } from '../adapters/git/worktree/snapshot.ts'
import { KageError } from '../core/error.ts'
import type { Oid, TreePath } from '../core/merge/change.ts'
import type { Parts } from './parts.ts'

/** The person's worktree as it is now, uncommitted and untracked work included; nothing of theirs is written. */
export async function snapshotOfPerson(parts: Parts, repository: Repository, own: Own): Promise<Snapshot> {
  const head = await findRevision(repository, 'HEAD')
  if (head === null) throw new KageError('KAGE_REPOSITORY_EMPTY', `${repository.root} has no commit yet.`)
  return snapshotOn(parts, repository, own, head)
}

/** A base for agents, and which of the unwritten texts they do not see because git ignores their files. */
export interface ChangedBase {
  readonly commit: Oid
  readonly ignored: readonly TreePath[]
}

/**
 * A commit on top of HEAD that holds the person's uncommitted work, with texts laid over it that are not written yet; its
 * objects are lent to their repository, no ref is.
 */
export async function baseWithChanges(
  parts: Parts,
  repository: Repository,
  head: Oid,
  texts: readonly UnwrittenText[],
): Promise<ChangedBase> {
  const own = await parts.repositories.own(repository)
  const { tree, commit } = await snapshotOn(parts, repository, own, head)
  const base =
    texts.length === 0
      ? { commit, ignored: [] }
      : await overlaid(parts, repository, own, { head, tree, texts })
  await giveCommit(own, repository, base.commit)
  return base
}

async function overlaid(
  parts: Parts,
  repository: Repository,
  own: Own,
  { head, tree, texts }: { readonly head: Oid; readonly tree: Oid; readonly texts: readonly UnwrittenText[] },
): Promise<ChangedBase> {
  const settings = await parts.repositories.settings(repository)
  const over = await overlayTexts(own, { workTree: repository.root, settings, tree, texts })
  const commit = await pinCommit(own, { ref: 'refs/kage/snapshots/person', tree: over.tree, base: head })
  return { commit, ignored: over.ignored }
}

async function snapshotOn(parts: Parts, repository: Repository, own: Own, base: Oid): Promise<Snapshot> {
  const settings = await parts.repositories.settings(repository)
  const { root: workTree, gitDir } = repository
  return snapshot(own, { workTree, gitDir, base, settings, name: 'person' })
}
