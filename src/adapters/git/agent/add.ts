import { copyFile, lstat, mkdir, realpath, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import type { Repository } from '../repository/repository.ts'
import { checkoutRefused, createBranch } from '../worktree/worktree.ts'
import { removeDirectory } from './remove.ts'
import { copySeed, type Seed } from './seed.ts'

export interface AgentWorktreeWish {
  readonly repository: Repository
  readonly seed: Seed
  /** Where the worktree goes, and its git directory: both are made, neither exists. */
  readonly workTree: string
  readonly gitDir: string
  /** The short name of its branch, which is made in the person's repository, too, unless it is there already. */
  readonly branch: string
  readonly isBranchMade: boolean
  readonly base: Oid
  /** Where Kage keeps an index of the checkout for its captures. */
  readonly index: string
  /** Settings that switch off what the configuration could run, as `guardedPlace` tells them. */
  readonly settings: readonly string[]
}

/** Makes a worktree with a git directory of its own, or leaves neither behind; fails with KAGE_WORKTREE_TAKEN, KAGE_BRANCH_TAKEN or KAGE_BRANCH_PREFIX_TAKEN. Returns the git directory's real path. */
export async function addAgentWorktree(wish: AgentWorktreeWish): Promise<string> {
  const [workTree, gitDir] = await Promise.all([freePath(wish.workTree), freePath(wish.gitDir)])
  if (!wish.isBranchMade) await createOrAdopt(wish)
  try {
    await mkdir(workTree)
    await writeFile(join(workTree, '.git'), `gitdir: ${gitDir}\n`, { flag: 'wx' })
    await copySeed(wish.seed, gitDir, workTree)
    const place = { gitDir, workTree, settings: wish.settings, userConfig: true }
    await pointHead(place, wish)
    await git(place, ['read-tree', '--reset', '-u', wish.base])
    await keepIndex(join(gitDir, 'index'), wish.index)
    return gitDir
  } catch (error) {
    for (const path of [gitDir, workTree]) await removeDirectory(path).catch(() => undefined)
    throw wish.repository.partial ? checkoutRefused(error) : error
  }
}

async function freePath(wanted: string): Promise<string> {
  await mkdir(dirname(wanted), { recursive: true, mode: 0o700 })
  const path = join(await realpath(dirname(wanted)), basename(wanted))
  const found = await lstat(path).catch(() => null)
  if (found === null) return path
  throw new KageError('KAGE_WORKTREE_TAKEN', `${path} exists already.`)
}

/** A branch that is at the base already was made by an attempt that a crash ended. */
async function createOrAdopt({ repository, branch, base }: AgentWorktreeWish): Promise<void> {
  await createBranch(repository.place, { branch, base }).catch(async (thrown: unknown) => {
    if (!(thrown instanceof KageError) || thrown.code !== 'KAGE_BRANCH_TAKEN') throw thrown
    const args = ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]
    const { stdout } = await git(repository.place, args, { okCodes: [0, 1, 128] })
    if (stdout.toString('latin1').trim() !== base) throw thrown
  })
}

/** Puts HEAD on the branch at the base; refs that are files are written as such, which saves two processes an agent. */
async function pointHead(place: GitPlace, { seed, branch, base }: AgentWorktreeWish): Promise<void> {
  const ref = `refs/heads/${branch}`
  if (seed.refStorage === 'files') {
    const path = join(place.gitDir, ref)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${base}\n`, { flag: 'wx' })
    await writeFile(join(place.gitDir, 'HEAD'), `ref: ${ref}\n`)
    return
  }
  await git(place, ['symbolic-ref', 'HEAD', ref])
  await git(place, ['update-ref', 'HEAD', base])
}

/** The copy keeps the time of the original, from which git tells which files may have changed since. */
async function keepIndex(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const found = await lstat(from).catch(() => null)
  if (found === null) return
  await copyFile(from, to)
  await utimes(to, found.atime, found.mtimeMs / 1000 - 0.002)
}
