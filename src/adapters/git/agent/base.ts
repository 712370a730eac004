import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import { limit } from '../../../core/limit.ts'
import { syntheticCommit } from '../command/object.ts'
import { objectWriter } from '../object/object-store.ts'
import { commitTree } from '../object/commit-tree.ts'
import type { Own } from '../repository/own.ts'
import type { Repository } from '../repository/repository.ts'
import { retryLocked } from '../command/retry.ts'
import { giveKept } from './give-kept.ts'

export interface BaseWish {
  readonly run: string
  readonly base: Oid
  /** The commits that the agents' stores were given beside the base, or that were imported from them. */
  readonly tips: readonly Oid[]
  /** The run has just begun: probably nothing of it is held yet. */
  readonly isNew?: boolean
}

/** The ref that holds what a run needs of the person's repository. */
export function baseRef(run: string): string {
  return `refs/kage/base/${run}`
}

/** Holds the base of a run and commits that its agents' stores rely on, by one commit below `refs/kage/base`; false where the ref cannot be written. */
export async function holdBase(own: Own, repository: Repository, wish: BaseWish): Promise<boolean> {
  for (let attempt = 0; attempt < limit.baseAttempts; attempt++) {
    // Mostly there is no such ref yet: it is only looked for where it cannot be created.
    const isHeld = await tryToHold(own, repository, wish, attempt === 0).catch(() => false)
    if (isHeld) return true
  }
  return false
}

/** Fails where another agent's commits are held at the same moment. */
async function tryToHold(
  own: Own,
  repository: Repository,
  { run, base, tips, isNew = false }: BaseWish,
  isFirst: boolean,
): Promise<boolean> {
  const before = isNew && isFirst ? null : await heldBase(repository, run)
  if (before !== null && (await holds(repository, before, [base, ...tips]))) return true
  const parents = [base, ...tips, ...(before === null ? [] : [before])]
  const writer = objectWriter(own)
  const commit = writer.add(syntheticCommit(await commitTree(own, base), parents))
  await writer.flush()
  const release = await giveKept(own, repository, commit, parents)
  try {
    const args = ['update-ref', baseRef(run), commit, before ?? '0'.repeat(commit.length)]
    await retryLocked(() => git(repository.place, args))
    return true
  } finally {
    await release()
  }
}

/** The commit that holds a run's base; null where the ref is gone. */
export async function heldBase(repository: Repository, run: string): Promise<Oid | null> {
  return (await heldBases(repository)).get(run) ?? null
}

/** The runs whose bases have a ref of their own. */
export async function runsWithBase(repository: Repository): Promise<string[]> {
  return [...(await heldBases(repository)).keys()]
}

/** The commits that hold the bases of runs, by run. */
async function heldBases(repository: Repository): Promise<Map<string, Oid>> {
  const args = ['for-each-ref', '--format=%(refname:lstrip=3) %(objectname)', 'refs/kage/base/']
  const { stdout } = await git(repository.place, args)
  const lines = stdout.toString('latin1').split('\n')
  return new Map(lines.filter((line) => line !== '').map((line) => line.split(' ', 2) as [string, Oid]))
}

/** The ref that holds the bases of cleaned and archived runs, all of them by one commit. */
export const archivedBasesRef: string = baseRef('archived')

/** Whether the bases of archived runs that are held include a commit. */
export async function isHeldArchived(repository: Repository, base: Oid): Promise<boolean> {
  return (await archivedBases(repository)).bases.includes(base)
}

/** Holds the bases of archived runs by one ref instead of one each, and removes theirs; each only while it is where it was. */
export async function holdArchived(
  own: Own,
  repository: Repository,
  runs: readonly { readonly id: string; readonly base: Oid }[],
): Promise<void> {
  const refs = await heldBases(repository)
  const held = runs.flatMap(({ id, base }) => {
    const commit = refs.get(id)
    return commit === undefined ? [] : [{ id, base, commit }]
  })
  if (held.length === 0) return
  const { commit: before, bases } = await archivedBases(repository)
  const parents = [...new Set([...bases, ...held.map(({ base }) => base)])]
  const writer = objectWriter(own)
  const commit = writer.add(syntheticCommit(await commitTree(own, parents[0] ?? ''), parents))
  await writer.flush()
  const release = await giveKept(own, repository, commit, parents)
  try {
    const lines = [
      `update ${archivedBasesRef} ${commit} ${before ?? '0'.repeat(commit.length)}`,
      ...held.map((each) => `delete ${baseRef(each.id)} ${each.commit}`),
    ]
    const input = lines.map((line) => `${line}\n`).join('')
    await retryLocked(() => git(repository.place, ['update-ref', '--stdin'], { input }))
  } finally {
    await release()
  }
}

async function archivedBases(
  repository: Repository,
): Promise<{ readonly commit: Oid | null; readonly bases: readonly Oid[] }> {
  const args = ['for-each-ref', '--format=%(objectname) %(parent)', archivedBasesRef]
  const [commit = '', ...bases] = (await git(repository.place, args)).stdout
    .toString('latin1')
    .trim()
    .split(' ')
  return { commit: commit === '' ? null : commit, bases }
}

/** Whether a commit has all of these among its parents, or the parents of earlier ones that it goes on from. */
async function holds(repository: Repository, commit: Oid, wanted: readonly Oid[]): Promise<boolean> {
  const { stdout } = await git(repository.place, ['rev-list', '--stdin', '--not', commit], {
    input: wanted.map((oid) => `${oid}\n`).join(''),
  })
  return stdout.length === 0
}
