import type { Oid } from '../../../core/merge/change.ts'
import { archivedBasesRef } from '../agent/base.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'
import type { Repository } from '../repository/repository.ts'

/** What has to stay readable in Kage's own repository: objects with all below them, and the bases of runs. */
export interface KeptRoots {
  readonly objects: readonly Oid[]
  readonly bases: readonly { readonly run: string; readonly commit: Oid }[]
}

/** The input of one walk: objects that stand for themselves, trees that are walked, and trees whose content is held elsewhere. */
export interface Walk {
  readonly single: readonly Oid[]
  readonly trees: readonly Oid[]
  /** Commits that are kept with their history. */
  readonly histories: readonly Oid[]
  /** Trees and commits whose content the person's repository holds. */
  readonly held: readonly Oid[]
}

/**
 * Prepares the walk over everything that is kept: the refs of Kage's own repository and the given roots. A commit stands for
 * itself and its tree, not for its history, which is the person's, unless a ref other than a snapshot's names it. The tree of a base is left out only where the person's
 * repository holds that base; what is missing already is left out, too.
 */
export async function walkOf(own: Own, repository: Repository, roots: KeptRoots): Promise<Walk> {
  const refs = (await lines(own, ['for-each-ref', '--format=%(objectname) %(refname)'])).map((line) => ({
    oid: line.split(' ')[0] ?? '',
    isSnapshot: / refs\/kage\/(snapshots|bases)\//.test(line),
  }))
  const held = await heldBases(repository, roots.bases)
  const bases = roots.bases.filter(({ commit }) => !held.has(commit)).map(({ commit }) => commit)
  const snapshots = refs.filter(({ isSnapshot }) => isSnapshot).map(({ oid }) => oid)
  const histories = refs.filter(({ isSnapshot }) => !isSnapshot).map(({ oid }) => oid)
  const names = [...new Set([...snapshots, ...roots.objects, ...bases])]
  const kinds = await kindsOf(own, names)
  const commits = names.filter((oid) => kinds.get(oid) === 'commit')
  const trees = await treesOf(own, commits)
  return {
    single: names.filter((oid) => kinds.get(oid) === 'commit' || kinds.get(oid) === 'blob'),
    trees: [...new Set([...trees, ...names.filter((oid) => kinds.get(oid) === 'tree')])],
    histories: [...new Set(histories)],
    held: [...(await treesOf(own, [...held])), ...(histories.length === 0 ? [] : held)],
  }
}

// `refs/kage/base/RUN` is the base itself or a commit with the base among its parents; those of cleaned and archived runs are
// the parents of one commit.
async function heldBases(repository: Repository, bases: KeptRoots['bases']): Promise<Set<Oid>> {
  const format = '%(refname) %(objectname) %(parent)'
  const { stdout } = await git(repository.place, ['for-each-ref', `--format=${format}`, 'refs/kage/base/'])
  const refs = new Map(
    stdout
      .toString('latin1')
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name = '', ...oids]) => [name, new Set(oids)] as const),
  )
  const isHeld = ({ run, commit }: KeptRoots['bases'][number]): boolean =>
    refs.get(`refs/kage/base/${run}`)?.has(commit) === true ||
    refs.get(archivedBasesRef)?.has(commit) === true
  return new Set(bases.filter(isHeld).map(({ commit }) => commit))
}

async function kindsOf(own: Own, names: readonly Oid[]): Promise<Map<Oid, string>> {
  const format = '--batch-check=%(objectname) %(objecttype)'
  const found = await lines(own, ['cat-file', format], names)
  return new Map(found.map((line) => line.split(' ') as [Oid, string]))
}

async function treesOf(own: Own, commits: readonly Oid[]): Promise<Oid[]> {
  const asked = commits.map((commit) => `${commit}^{tree}`)
  const found = await lines(own, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], asked)
  return found.filter((line) => line.endsWith(' tree')).map((line) => line.slice(0, -' tree'.length))
}

async function lines(own: Own, args: readonly string[], asked: readonly string[] = []): Promise<string[]> {
  const input = asked.map((line) => `${line}\n`).join('')
  const { stdout } = await git(own.place, args, { input })
  return stdout.toString('latin1').split('\n').filter(Boolean)
}
