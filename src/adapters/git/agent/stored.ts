import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Repository } from '../repository/repository.ts'
import type { AgentRefs } from './read-refs.ts'

/** An object that a ref of an agent's store names; entries of the stash are named as git names them. */
export interface NamedObject {
  readonly name: string
  readonly oid: Oid
}

/** What an agent's refs, HEAD and stash name and no ref of the person's repository reaches. */
export async function unstored(repository: Repository, refs: AgentRefs): Promise<NamedObject[]> {
  const all = namedObjects(refs)
  const oids = [...new Set(all.map(({ oid }) => oid))]
  if (oids.length === 0) return []
  const types = await typesOf(repository, oids)
  const commits = oids.filter((oid) => types.get(oid) === 'commit')
  const open = await unreached(repository, commits)
  // An object of another type that is there came with the refs that the store was given.
  return all.filter(({ oid }) => (types.has(oid) ? open.has(oid) : true))
}

function namedObjects({ head, refs, stash }: AgentRefs): NamedObject[] {
  const entries = stash.map((oid, index) => ({ name: `stash@{${stash.length - 1 - index}}`, oid }))
  const named = [...refs].filter(([name]) => name !== 'refs/stash').map(([name, oid]) => ({ name, oid }))
  const known = new Set(named.map(({ oid }) => oid))
  return [...(head === null || known.has(head) ? [] : [{ name: 'HEAD', oid: head }]), ...named, ...entries]
}

async function typesOf(repository: Repository, oids: readonly Oid[]): Promise<Map<Oid, string>> {
  const args = ['cat-file', '--batch-check=%(objectname) %(objecttype)']
  const { stdout } = await git(repository.place, args, { input: `${oids.join('\n')}\n` })
  const lines = stdout.toString('latin1').split('\n').filter(Boolean)
  const pairs = lines.map((line) => line.split(' ', 2) as [Oid, string])
  return new Map(pairs.filter(([, type]) => type !== 'missing'))
}

async function unreached(repository: Repository, commits: readonly Oid[]): Promise<Set<Oid>> {
  if (commits.length === 0) return new Set()
  // HEADs of other worktrees do not count: one of them is the linked worktree that is to go.
  const { stdout } = await git(
    repository.place,
    ['rev-list', '--single-worktree', '--stdin', '--not', '--all'],
    {
      input: `${commits.join('\n')}\n`,
    },
  )
  const found = new Set(stdout.toString('latin1').split('\n'))
  return new Set(commits.filter((oid) => found.has(oid)))
}
