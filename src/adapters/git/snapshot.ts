import { randomUUID } from 'node:crypto'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { ByteString, Oid, TreePath } from '../../core/merge/change.ts'
import { pathOfBytes } from '../../core/merge/path.ts'
import type { ByteSettings } from './byte-settings.ts'
import { changedBetween } from './changed.ts'
import type { Changed } from './changed.ts'
import { framePlace } from './frame.ts'
import { git } from './git.ts'
import type { GitPlace } from './git.ts'
import { dropIndex, keepLook, lookKey, takeLook } from './kept-look.ts'
import type { Own } from './own.ts'
import { pinCommit } from './pin.ts'
import { copyIndex } from './private-index.ts'
import { stage } from './stage.ts'

export interface SnapshotRequest {
  readonly workTree: string
  /** The git directory of that worktree, for its index. */
  readonly gitDir: string
  /** The commit that the work started from. */
  readonly base: Oid
  readonly settings: ByteSettings
  /** What the snapshot is kept as: `refs/kage/snapshots/<name>`; a later one of that name takes its place. */
  readonly name: string
}

export interface Snapshot {
  readonly tree: Oid
  /** A commit of that tree on top of the base; the same work always gives the same one. */
  readonly commit: Oid
  readonly changed: Changed
  /** Repositories made inside the worktree: what lies in them is not in the tree. */
  readonly nested: readonly TreePath[]
}

/** Takes the state of a worktree, untracked files included and ignored ones not, into Kage's own repository; the worktree, its index and its git directory are only read, and no filter runs but those the settings name. */
export async function snapshot(own: Own, request: SnapshotRequest): Promise<Snapshot> {
  await requireDirectory(request.workTree)
  const { tree, leftOut } = await worktreeTree(own, request)
  const { changed, nested } = await changedBetween(own, request.base, tree)
  const commit = await pinCommit(own, {
    ref: `refs/kage/snapshots/${request.name}`,
    tree,
    base: request.base,
  })
  return { tree, commit, changed, nested: [...nested, ...leftOut.map(pathOfBytes)] }
}

/** A tree of a worktree, and the nested repositories without a commit, which no tree can hold. */
export interface SettledTree {
  readonly tree: Oid
  readonly leftOut: readonly ByteString[]
}

/** The tree of a snapshot alone, kept by no ref; one look is enough for who compares with the files themselves afterwards. */
export async function worktreeTree(
  own: Own,
  request: Omit<SnapshotRequest, 'name'>,
  looks: 'one' | 'two' = 'two',
): Promise<SettledTree> {
  const frame = await framePlace(own, request.settings)
  await mkdir(join(own.directory, 'temporary'), { recursive: true })
  // With sparse checkout on, git itself keeps skip-worktree only for files that are absent.
  const settings = [...(frame.settings ?? []), 'core.sparseCheckout=true']
  const place = { ...frame, settings, workTree: request.workTree }
  const key = await lookKey(place, request.gitDir, request.base)
  return (await lookAgain(own, place, key, looks)) ?? (await lookAnew(own, place, key, request, looks))
}

// Where nothing has changed since the last look, that is the first of the two. New rules need a look from the beginning.
async function lookAgain(
  own: Own,
  place: GitPlace,
  key: string,
  looks: 'one' | 'two',
): Promise<SettledTree | null> {
  const kept = takeLook(key)
  if (kept === null) return null
  const { index, tree } = kept
  const found = await settle(own, { ...place, index }, { unmerged: [], last: tree, looks }).catch(() => null)
  if (found === null || found.rules) await dropIndex(index)
  else await keepLook(key, { index, tree: found.tree, leftOut: found.leftOut })
  return found === null || found.rules ? null : found
}

async function lookAnew(
  own: Own,
  place: GitPlace,
  key: string,
  request: Omit<SnapshotRequest, 'name'>,
  looks: 'one' | 'two',
): Promise<SettledTree> {
  const index = join(own.directory, 'temporary', `${randomUUID()}.index`)
  try {
    const unmerged = await copyIndex({ ...place, index }, request.gitDir, request.base, own.objectFormat)
    const found = await settle(own, { ...place, index }, { unmerged, looks })
    await keepLook(key, { index, tree: found.tree, leftOut: found.leftOut })
    return found
  } catch (error) {
    await dropIndex(index)
    throw error
  }
}

interface Settling {
  readonly unmerged: readonly ByteString[]
  /** What the last look with this index found. */
  readonly last?: Oid
  readonly looks: 'one' | 'two'
}

// Two looks in a row have to agree: one alone may have caught half of a change.
async function settle(
  own: Own,
  place: GitPlace,
  { unmerged, last: before, looks }: Settling,
): Promise<SettledTree & { readonly rules: boolean }> {
  let failure: KageError | undefined
  let last = before
  let rules = false
  for (let pass = 0; pass < limit.snapshotPasses; pass++) {
    try {
      const staged = await stage(place, last === undefined ? unmerged : [])
      rules ||= staged.rules
      const tree: Oid = staged.changed || last === undefined ? await writeTree(own, place) : last
      if (tree === last || looks === 'one') return { tree, leftOut: staged.leftOut, rules }
      last = tree
    } catch (error) {
      // A path that is a file at one look and a directory at the next: the next look may go well.
      if (!(error instanceof KageError) || error.code !== 'KAGE_GIT_FAILED') throw error
      failure = error
    }
  }
  if (last === undefined && failure !== undefined) throw failure
  const said = failure === undefined ? '' : ` ${failure.message}`
  throw new KageError('KAGE_WORKTREE_RESTLESS', `${place.workTree} changes while it is looked at.${said}`)
}

async function writeTree(own: Own, place: GitPlace): Promise<Oid> {
  const options = own.partial ? ['--missing-ok'] : []
  return (await git(place, ['write-tree', ...options])).stdout.toString('latin1').trim()
}

async function requireDirectory(workTree: string): Promise<void> {
  const found = await stat(workTree).catch(() => null)
  if (found?.isDirectory() === true) return
  throw new KageError('KAGE_WORKTREE_MISSING', `${workTree} is not there any more.`)
}
