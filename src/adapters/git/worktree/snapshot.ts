import { randomUUID } from 'node:crypto'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import type { ByteString, Oid, TreePath } from '../../../core/merge/change.ts'
import { pathOfBytes } from '../../../core/merge/path.ts'
import { fillFromBase } from './base-index.ts'
import type { ByteSettings } from '../repository/byte-settings.ts'
import { changedBetween } from '../diff/changed.ts'
import type { Changed } from '../diff/changed.ts'
import { framePlace } from './frame.ts'
import type { GitPlace } from '../command/git.ts'
import { treeOfIndex } from './index-tree.ts'
import { dropIndex, keepLook, lookKey, takeLook } from './kept-look.ts'
import type { Own } from '../repository/own.ts'
import { pinCommit } from '../object/pin.ts'
import { copyIndex } from '../object/private-index.ts'
import { stage } from './stage.ts'
import type { OutsideTree, Staged } from './stage.ts'

export interface SnapshotRequest {
  readonly workTree: string
  /** The git directory of that worktree, for its index. */
  readonly gitDir: string
  /** Kage's own index of the checkout, where the git directory is the agent's own: its index is then only consulted. */
  readonly index?: string
  /** The commit that the work started from. */
  readonly base: Oid
  readonly settings: ByteSettings
  /** What the snapshot is kept as: `refs/kage/snapshots/<name>`; a later one of that name takes its place. */
  readonly name: string
  /** Untracked files over this size are left out; absent: no limit. */
  readonly largeBytes?: number | undefined
  /** How long one git command may take, where that is not the usual time. */
  readonly timeoutMs?: number
}

export interface Snapshot {
  readonly tree: Oid
  /** A commit of that tree on top of the base; the same work always gives the same one. */
  readonly commit: Oid
  readonly changed: Changed
  /** Repositories inside the worktree whose content the tree does not hold: new ones, and submodules at another commit. */
  readonly nested: readonly TreePath[]
  /** Untracked files over the size limit; they are not in the tree. */
  readonly leftOut: readonly TreePath[]
  /** Changed files whose filter may not run; the tree has them as they were. */
  readonly filtered: readonly TreePath[]
  /** Changed files that git cannot convert from their `working-tree-encoding`; the tree has their bytes as they are. */
  readonly unconverted: readonly TreePath[]
  /** Files changed during every pass: the tree may mix states of different moments. */
  readonly inMotion: boolean
}

/** Takes the state of a worktree, untracked files included and ignored ones not, into Kage's own repository; the worktree, its index and its git directory are only read, and no filter runs but those the settings name. */
export async function snapshot(own: Own, request: SnapshotRequest): Promise<Snapshot> {
  await requireDirectory(request.workTree)
  const { tree, unborn, large, filtered, unconverted, inMotion } = await settledTree(own, request, 'accept')
  const { changed, nested } = await changedBetween(own, request.base, tree)
  const commit = await pinCommit(own, {
    ref: `refs/kage/snapshots/${request.name}`,
    tree,
    base: request.base,
  })
  return {
    tree,
    commit,
    changed,
    nested: [...nested, ...unborn.map(pathOfBytes)],
    leftOut: large.map(pathOfBytes),
    filtered: filtered.map(pathOfBytes),
    unconverted: unconverted.map(pathOfBytes),
    inMotion,
  }
}

/** A tree of a worktree, and what it does not hold. */
export interface SettledTree extends OutsideTree {
  readonly tree: Oid
  readonly inMotion: boolean
}

/**
 * How much a tree has to agree with the files: `two` passes in a row; one pass, for a caller that compares with the files
 * itself; or two, but a worktree that never rests gives its last tree, marked as in motion.
 */
type Agreement = 'two' | 'one' | 'accept'

/** The tree of a snapshot alone, kept by no ref; fails with KAGE_WORKTREE_RESTLESS unless one pass is enough. */
export function worktreeTree(
  own: Own,
  request: Omit<SnapshotRequest, 'name'>,
  agreement: 'one' | 'two' = 'two',
): Promise<SettledTree> {
  return settledTree(own, request, agreement)
}

async function settledTree(
  own: Own,
  request: Omit<SnapshotRequest, 'name'>,
  agreement: Agreement,
): Promise<SettledTree> {
  const frame = await framePlace(own, request.settings)
  await mkdir(join(own.directory, 'temporary'), { recursive: true })
  // With sparse checkout on, git itself keeps skip-worktree only for files that are absent.
  const settings = [...(frame.settings ?? []), 'core.sparseCheckout=true']
  const { workTree, gitDir, base, largeBytes, timeoutMs } = request
  const place = { ...frame, settings, workTree, ...(timeoutMs === undefined ? {} : { timeoutMs }) }
  const { withheld } = request.settings
  const key = await lookKey(place, gitDir, base, { largeBytes, withheld })
  const settling = { unmerged: [], unconverted: [], largeBytes, withheld, agreement }
  return (await lookAgain(own, place, key, settling)) ?? (await lookAnew(own, place, key, request, settling))
}

// Where nothing has changed since the last look, that is the first of the two passes. New rules need a look from the
// beginning, and so does a file that has grown over the limit: only the worktree's own index tells whether it is tracked.
async function lookAgain(
  own: Own,
  place: GitPlace,
  key: string,
  settling: Settling,
): Promise<SettledTree | null> {
  const kept = takeLook(key)
  if (kept === null) return null
  const { index, tree } = kept
  const { unconverted } = kept.outside
  const found = await settle(own, { ...place, index }, { ...settling, unconverted, last: tree }).catch(
    () => null,
  )
  if (found === null || found.rules || found.outgrown) {
    await dropIndex(index)
    return null
  }
  await keepLook(key, { index, tree: found.tree, outside: found })
  return found
}

async function lookAnew(
  own: Own,
  place: GitPlace,
  key: string,
  request: Omit<SnapshotRequest, 'name'>,
  settling: Settling,
): Promise<SettledTree> {
  const index = join(own.directory, 'temporary', `${randomUUID()}.index`)
  try {
    const unmerged = await fillIndex(own, { ...place, index }, request)
    const found = await settle(own, { ...place, index }, { ...settling, unmerged })
    await keepLook(key, { index, tree: found.tree, outside: found })
    return found
  } catch (error) {
    await dropIndex(index)
    throw error
  }
}

/** Fills a private index and returns the paths to settle in any case. */
function fillIndex(
  own: Own,
  place: GitPlace & { readonly index: string },
  { index: from, gitDir, base }: Omit<SnapshotRequest, 'name'>,
): Promise<readonly ByteString[]> {
  if (from === undefined) return copyIndex(place, gitDir, base, own.objectFormat)
  return fillFromBase(own, place, { from, gitDir, base })
}

interface Settling {
  readonly unmerged: readonly ByteString[]
  /** Files that the last look could not convert. */
  readonly unconverted: readonly ByteString[]
  readonly largeBytes: number | undefined
  readonly withheld: readonly string[] | undefined
  readonly agreement: Agreement
  /** The tree of the last look with this index. */
  readonly last?: Oid
}

type Settled = SettledTree & Pick<Staged, 'rules' | 'outgrown'>

// Two passes in a row have to agree: one alone may have caught half of a change.
async function settle(
  own: Own,
  place: GitPlace,
  { unmerged, unconverted, largeBytes, withheld, agreement, last: before }: Settling,
): Promise<Settled> {
  const deadline = performance.now() + limit.snapshotRestlessMs
  const temporary = join(own.directory, 'temporary')
  let failure: KageError | undefined
  let raw = unconverted
  let found: Settled | undefined
  let last = before
  for (let pass = 0; pass < limit.snapshotPasses; pass++) {
    try {
      const also = last === undefined ? unmerged : []
      const staged = await stage(place, { temporary, also, unconverted: raw, largeBytes, withheld })
      raw = staged.unconverted
      const tree: Oid =
        staged.changed || last === undefined ? await treeOfIndex(place, temporary, own.partial) : last
      const rules = staged.rules || found?.rules === true
      const outgrown = staged.outgrown || found?.outgrown === true
      found = { ...staged, tree, rules, outgrown, inMotion: tree !== last }
      if (tree === last || agreement === 'one') return { ...found, inMotion: false }
      last = tree
    } catch (error) {
      // A path that is a file at one look and a directory at the next: the next look may go well.
      if (!(error instanceof KageError) || error.code !== 'KAGE_GIT_FAILED') throw error
      failure = error
    }
    if (agreement === 'accept' && pass > 0 && performance.now() > deadline) break
  }
  if (found === undefined && failure !== undefined) throw failure
  if (found !== undefined && agreement === 'accept') return { ...found, inMotion: true }
  const said = failure === undefined ? '' : ` ${failure.message}`
  throw new KageError('KAGE_WORKTREE_RESTLESS', `${place.workTree} changes while it is looked at.${said}`)
}

async function requireDirectory(workTree: string): Promise<void> {
  const found = await stat(workTree).catch(() => null)
  if (found?.isDirectory() === true) return
  throw new KageError('KAGE_WORKTREE_MISSING', `${workTree} is not there any more.`)
}
