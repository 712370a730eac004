import type { Oid } from '../../../core/merge/change.ts'
import { commitTree } from '../object/commit-tree.ts'
import { git } from '../command/git.ts'
import type { GitObject } from '../command/object.ts'
import { objectWriter } from '../object/object-store.ts'
import type { Own } from '../repository/own.ts'
import type { Repository } from '../repository/repository.ts'
import { retryLocked } from '../command/retry.ts'
import { giveKept } from './give-kept.ts'

export interface PublishedWork {
  /** The captured tree. */
  readonly tree: Oid
  /** The tip of the agent's own commits, or the base; the person's repository holds it. */
  readonly tip: Oid
  readonly message: string
  /** Seconds since 1970: the same work published again is the same commit. */
  readonly atSeconds: number
}

/** A commit in the person's repository; `release` is called once a ref names it. */
export interface GivenCommit {
  readonly commit: Oid
  readonly release: () => Promise<void>
}

/** The commit that a branch of an agent's work points to: its tip, or one commit on top of it where work is uncommitted. */
export async function commitOfWork(
  own: Own,
  repository: Repository,
  work: PublishedWork,
): Promise<GivenCommit> {
  if ((await commitTree(own, work.tip)) === work.tree) return { commit: work.tip, release: async () => {} }
  const writer = objectWriter(own)
  const commit = writer.add(commitObject(work))
  await writer.flush()
  return { commit, release: await giveKept(own, repository, commit, [work.tip]) }
}

/** A branch that was moved to the wanted commit, or one that was left alone at `commit` (null where it is gone), with the reason. */
export type BranchMove =
  | { readonly isPublished: true }
  | { readonly isPublished: false; readonly commit: Oid | null; readonly reason: string }

/** Moves a branch of the person's repository from exactly one commit to another; leaves one alone that is elsewhere, gone or checked out. */
export async function moveAgentBranch(
  repository: Repository,
  branch: string,
  from: Oid,
  to: Oid,
): Promise<BranchMove> {
  const now = await standingOf(repository, branch)
  if (now.commit !== from || from === to) return moveOf(now.commit, to)
  if (now.worktree !== '')
    return { isPublished: false, commit: from, reason: `is checked out at ${now.worktree}` }
  const args = ['update-ref', '-m', 'kage: publish', `refs/heads/${branch}`, to, from]
  try {
    await retryLocked(() => git(repository.place, args))
    return { isPublished: true }
  } catch (error) {
    const after = await branchTip(repository, branch)
    if (after === from) throw error
    return moveOf(after, to)
  }
}

function moveOf(commit: Oid | null, to: Oid): BranchMove {
  if (commit === to) return { isPublished: true }
  return { isPublished: false, commit, reason: commit === null ? 'was deleted' : 'was moved by someone else' }
}

interface Standing {
  readonly commit: Oid | null
  /** The worktree of the person's repository that has the branch checked out; empty where none has. */
  readonly worktree: string
}

async function standingOf(repository: Repository, branch: string): Promise<Standing> {
  const ref = `refs/heads/${branch}`
  const format = '--format=%(refname)%00%(objectname)%00%(worktreepath)%00'
  const { stdout } = await git(repository.place, ['for-each-ref', format, ref])
  const [name, commit = '', worktree = ''] = stdout.toString('utf8').split('\0')
  return name === ref ? { commit, worktree } : { commit: null, worktree: '' }
}

/** The commit of a branch; null where there is none of that name. */
export async function branchTip(repository: Repository, branch: string): Promise<Oid | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/heads/${branch}`]
  const { code, stdout } = await git(repository.place, args, { okCodes: [0, 1, 128] })
  return code === 0 ? stdout.toString('latin1').trim() : null
}

function commitObject({ tree, tip, message, atSeconds }: PublishedWork): GitObject {
  const who = `Kage <kage@localhost> ${atSeconds} +0000`
  const text = `tree ${tree}\nparent ${tip}\nauthor ${who}\ncommitter ${who}\n\n${message}`
  return { type: 'commit', content: Buffer.from(text, 'utf8') }
}
