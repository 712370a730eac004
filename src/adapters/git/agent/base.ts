import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../git.ts'
import { syntheticCommit } from '../object.ts'
import { commitTree } from '../commit-tree.ts'
import type { Own } from '../own.ts'
import type { Repository } from '../repository.ts'
import { retryLocked } from '../retry.ts'

export interface BaseWish {
  readonly run: string
  readonly base: Oid
  /** The commits that the agents' stores were given beside the base. */
  readonly tips: readonly Oid[]
}

/** The ref that holds what a run needs of the person's repository. */
export function baseRef(run: string): string {
  return `refs/kage/base/${run}`
}

/** Holds the base of a run and the tips that its agents were given, by one commit below `refs/kage/base`; false where the ref cannot be written. */
export async function holdBase(
  own: Own,
  repository: Repository,
  { run, base, tips }: BaseWish,
): Promise<boolean> {
  try {
    const before = await heldBase(repository, run)
    const tree = await commitTree(own, base)
    const parents = [base, ...tips, ...(before === null ? [] : [before])]
    if (before !== null && (await holds(repository, before, [base, ...tips]))) return true
    const { content } = syntheticCommit(tree, parents)
    const { stdout } = await git(repository.place, ['hash-object', '-w', '-t', 'commit', '--stdin'], {
      input: content,
    })
    const commit = stdout.toString('latin1').trim()
    const args = ['update-ref', baseRef(run), commit, before ?? '0'.repeat(commit.length)]
    await retryLocked(() => git(repository.place, args))
    return true
  } catch {
    return false
  }
}

/** The commit that holds a run's base; null where the ref is gone. */
export async function heldBase(repository: Repository, run: string): Promise<Oid | null> {
  return (await heldBases(repository)).get(run) ?? null
}

/** The commits that hold the bases of runs, by run. */
async function heldBases(repository: Repository): Promise<Map<string, Oid>> {
  const args = ['for-each-ref', '--format=%(refname:lstrip=3) %(objectname)', 'refs/kage/base/']
  const { stdout } = await git(repository.place, args)
  const lines = stdout.toString('latin1').split('\n')
  return new Map(lines.filter((line) => line !== '').map((line) => line.split(' ', 2) as [string, Oid]))
}

async function holds(repository: Repository, commit: Oid, wanted: readonly Oid[]): Promise<boolean> {
  const { stdout } = await git(repository.place, ['rev-list', '--parents', '--max-count=1', commit])
  const parents = new Set(stdout.toString('latin1').trim().split(' ').slice(1))
  return wanted.every((oid) => parents.has(oid))
}
