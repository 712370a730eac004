import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, faultOf } from '../../../core/error.ts'
import type { Fault } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { readSettings, settingOf } from './config.ts'
import { git } from '../command/git.ts'
import type { Repository } from './repository.ts'
import { findRevision, revisionUnknown } from './revision.ts'
import { gitVersion } from '../command/version.ts'

export type InProgress = 'merge' | 'rebase' | 'am' | 'cherry-pick' | 'revert' | 'bisect'

/** What has to be known of a repository before a command is decided. */
export interface RepositoryFacts {
  /** Null where there is no commit yet. */
  readonly head: Oid | null
  /** The short name of the current branch; null when HEAD is detached. */
  readonly branch: string | null
  readonly base: Oid | null
  /** Why the base is unknown. */
  readonly baseFault: Fault | null
  readonly inProgress: InProgress | null
  /** There is a branch of exactly the prefix's name, so that none can lie below it. */
  readonly prefixTaken: boolean
  /** The branches below the prefix, in full: `kage/r1-coder-1`. */
  readonly branches: readonly string[]
  /** A commit in the person's name is possible. */
  readonly identity: boolean
  readonly submodules: boolean
  /** The index differs from HEAD; false where there is no commit. */
  readonly staged: boolean
  readonly gitVersion: string
}

/** Gathers the facts of a repository; `base` is a revision, HEAD when absent. */
export async function repositoryFacts(
  repository: Repository,
  asked: { readonly base?: string | undefined; readonly prefix: string },
): Promise<RepositoryFacts> {
  const { place, gitDir, root } = repository
  const head = findRevision(repository, 'HEAD')
  const [branch, base, branches, settings, inProgress, submodules, staged, version] = await Promise.all([
    currentBranch(repository),
    baseOf(repository, asked.base ?? 'HEAD', head),
    branchesBelow(repository, asked.prefix),
    readSettings(place),
    inProgressAt(gitDir),
    exists(join(root, '.gitmodules')),
    isStaged(repository),
    gitVersion(),
  ])
  return {
    head: await head,
    branch,
    ...base,
    inProgress,
    prefixTaken: branches.includes(asked.prefix),
    branches: branches.filter((name) => name !== asked.prefix),
    identity: Boolean(settingOf(settings, 'user.name')) && Boolean(settingOf(settings, 'user.email')),
    submodules,
    staged,
    gitVersion: version,
  }
}

/** The short name of the current branch; null when HEAD is detached. */
export async function currentBranch(repository: Repository): Promise<string | null> {
  const { stdout } = await git(repository.place, ['symbolic-ref', '--quiet', 'HEAD'], { okCodes: [0, 1] })
  const name = stdout.toString('utf8').trim()
  return name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : null
}

async function baseOf(
  repository: Repository,
  revision: string,
  head: Promise<Oid | null>,
): Promise<{ base: Oid | null; baseFault: Fault | null }> {
  const base = revision === 'HEAD' ? await head : await findRevision(repository, revision)
  if (base !== null) return { base, baseFault: null }
  if ((await head) === null)
    return { base, baseFault: fault('KAGE_REPOSITORY_EMPTY', 'There is no commit yet.') }
  return { base, baseFault: faultOf(revisionUnknown(revision)) }
}

/** The branches of a prefix's name and below it, in full; the pattern stands for that very ref and for all below it. */
export async function branchesBelow(repository: Repository, prefix: string): Promise<string[]> {
  const args = ['for-each-ref', '--format=%(refname:lstrip=2)', `refs/heads/${prefix}`]
  const { stdout } = await git(repository.place, args)
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '')
}

const signs: readonly (readonly [string, InProgress])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
]

/** What git has begun in a worktree and not ended, by its git directory. */
export async function inProgressAt(gitDir: string): Promise<InProgress | null> {
  for (const [name, meaning] of signs) if (await exists(join(gitDir, name))) return meaning
  return null
}

async function isStaged(repository: Repository): Promise<boolean> {
  const args = ['diff-index', '--cached', '--quiet', '--ignore-submodules=none', 'HEAD']
  return (await git(repository.place, args, { okCodes: [0, 1, 128] })).code === 1
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
