import type { Oid } from '../../../core/merge/change.ts'
import { commitTree } from '../commit-tree.ts'
import { git } from '../git.ts'
import type { GitObject } from '../object.ts'
import { objectWriter } from '../object-store.ts'
import type { Own } from '../own.ts'
import type { Repository } from '../repository.ts'
import { retryLocked } from '../retry.ts'
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

/** Moves a branch of the person's repository from exactly one commit to another; `moved` where it is elsewhere or gone. */
export async function moveAgentBranch(
  repository: Repository,
  branch: string,
  from: Oid,
  to: Oid,
): Promise<'published' | 'moved'> {
  const now = await branchTip(repository, branch)
  if (now === to) return 'published'
  if (now !== from) return 'moved'
  const args = ['update-ref', '-m', 'kage: publish', `refs/heads/${branch}`, to, from]
  try {
    await retryLocked(() => git(repository.place, args))
    return 'published'
  } catch (error) {
    const after = await branchTip(repository, branch)
    if (after === from) throw error
    return after === to ? 'published' : 'moved'
  }
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
