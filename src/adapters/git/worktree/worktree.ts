import { lstat, mkdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { readSettings } from '../repository/config.ts'
import { allowedSettings } from '../repository/filters.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { guards } from '../repository/guards.ts'
import type { Repository } from '../repository/repository.ts'
import { retryLocked } from '../command/retry.ts'
import { gitDirOf } from '../repository/worktree-link.ts'
import { mendWorktree } from './worktree-mend.ts'
import { listWorktrees } from './worktree-list.ts'

export interface WorktreeRequest {
  readonly path: string
  /** The short name of a branch that does not exist yet. */
  readonly branch: string
  readonly base: Oid
  /** What `guardedPlace` gave, to spare asking again for each of many. */
  readonly place?: GitPlace
}

/** Makes a locked worktree on a new branch, or leaves nothing behind; fails with KAGE_WORKTREE_TAKEN, KAGE_BRANCH_TAKEN or KAGE_BRANCH_PREFIX_TAKEN. Returns its git directory. */
export async function addWorktree(repository: Repository, request: WorktreeRequest): Promise<string> {
  await mkdir(dirname(request.path), { recursive: true, mode: 0o700 })
  const path = join(await realpath(dirname(request.path)), basename(request.path))
  if (await exists(path)) throw new KageError('KAGE_WORKTREE_TAKEN', `${path} exists already.`)
  const place = request.place ?? (await guardedPlace(repository))
  await createBranch(place, request)
  try {
    const options = ['--quiet', '--lock', '--reason', 'kage', '--no-guess-remote']
    await retryLocked(() => git(place, ['worktree', 'add', ...options, '--', path, request.branch]))
    return await linkedGitDir(path)
  } catch (error) {
    await rollBack(repository, path, request)
    throw repository.partial ? checkoutRefused(error) : error
  }
}

/** Where worktrees are made: every program that the repository's configuration names is off, but the filters that the person allowed. */
export async function guardedPlace(
  repository: Repository,
  filters: readonly string[] = [],
): Promise<GitPlace> {
  const settings = await readSettings(repository.place)
  const allowed = allowedSettings(settings, filters, repository.commonDir)
  return { ...repository.place, settings: [...guards(settings), ...allowed] }
}

/** Removes a worktree with all that lies in it; only one that git lists, below `root`, and that is no link. A missing directory costs its entry only. */
export async function removeWorktree(repository: Repository, path: string, root: string): Promise<void> {
  const real = await realPathOf(path)
  if (!real.startsWith(`${await realpath(root)}${sep}`)) {
    throw new KageError('KAGE_WORKTREE_MISSING', `${path} is not below ${root}: it is left alone.`)
  }
  const listed = (await listWorktrees(repository)).slice(1)
  if (!listed.some((worktree) => worktree.path === real)) {
    throw new KageError(
      'KAGE_WORKTREE_MISSING',
      `${path} is no worktree of this repository: it is left alone.`,
    )
  }
  const remove = (): Promise<unknown> =>
    retryLocked(() => git(repository.place, ['worktree', 'remove', '--force', '--force', '--', real]))
  await remove().catch(async (thrown: unknown) => {
    if (!(thrown instanceof KageError) || !thrown.message.includes('validation failed')) throw thrown
    await mendWorktree(repository.commonDir, real)
    await remove()
  })
}

// The real path of what may be gone: its parents are resolved, it itself must not be a link.
async function realPathOf(path: string): Promise<string> {
  const found = await lstat(path).catch(() => null)
  if (found !== null && !found.isDirectory()) {
    throw new KageError('KAGE_WORKTREE_MISSING', `${path} is no directory any more: it is left alone.`)
  }
  if (found !== null) return await realpath(path)
  const parent = dirname(path)
  return join(parent === path ? parent : await realPathOf(parent), basename(path))
}

/** Creates a branch only where there is none, so that a roll-back never takes one that somebody else made; fails with KAGE_BRANCH_TAKEN or KAGE_BRANCH_PREFIX_TAKEN. */
export async function createBranch(
  place: GitPlace,
  { branch, base }: Pick<WorktreeRequest, 'branch' | 'base'>,
): Promise<void> {
  if (branch.startsWith('-') || branch === 'HEAD') {
    throw new KageError(
      'KAGE_CONFIG',
      `git takes no branch of the name ${branch}.`,
      'Choose another branch_prefix.',
    )
  }
  const input = `create refs/heads/${branch}\0${base}\0`
  try {
    await retryLocked(() => git(place, ['update-ref', '-m', 'kage: spawn', '-z', '--stdin'], { input }))
  } catch (error) {
    throw branchRefused(branch, error)
  }
}

function branchRefused(branch: string, error: unknown): unknown {
  const message = error instanceof Error ? error.message : ''
  if (message.includes('reference already exists')) {
    return new KageError('KAGE_BRANCH_TAKEN', `There is a branch ${branch} already.`)
  }
  const above = /'refs\/heads\/([^']+)' exists; cannot create/.exec(message)?.[1]
  if (above === undefined) return error
  return new KageError(
    'KAGE_BRANCH_PREFIX_TAKEN',
    `There is a branch ${above}, so there can be no ${branch}.`,
  )
}

/** The failure of a checkout in a partial clone: missing objects are fetched by the person's own git alone, since that starts what the remote's settings name. */
export function checkoutRefused(error: unknown): unknown {
  if (!(error instanceof KageError) || !error.message.includes('promisor')) return error
  const message = `This partial clone lacks objects of that commit. ${error.message}`
  return new KageError('KAGE_PARTIAL_CLONE', message)
}

async function linkedGitDir(path: string): Promise<string> {
  const gitDir = await gitDirOf(path)
  if (gitDir === null) throw new KageError('KAGE_GIT_FAILED', `git made no worktree at ${path}.`)
  return gitDir
}

// Best effort: what cannot be taken back is less worth telling than what went wrong.
async function rollBack(
  repository: Repository,
  path: string,
  { branch, base }: WorktreeRequest,
): Promise<void> {
  const listed = await listWorktrees(repository).catch(() => [])
  if (listed.slice(1).some((worktree) => worktree.path === path && worktree.branch === branch)) {
    await git(repository.place, ['worktree', 'remove', '--force', '--force', '--', path]).catch(
      () => undefined,
    )
  }
  const args = ['update-ref', '-d', `refs/heads/${branch}`, base]
  await retryLocked(() => git(repository.place, args)).catch(() => undefined)
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
