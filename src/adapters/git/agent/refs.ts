import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Repository } from '../repository/repository.ts'

/** A ref that agents' stores are given, with the commit behind it. */
export interface GivenRef {
  readonly name: string
  readonly oid: Oid
  /** The commit that it names, by itself or through one tag object. */
  readonly commit: Oid
  readonly isTagObject: boolean
}

export interface GivenRefs {
  readonly refs: readonly GivenRef[]
  /** Symbolic refs like `refs/remotes/origin/HEAD`, with what they point to. */
  readonly symbolic: readonly (readonly [string, string])[]
  /** Commits that contain all of those refs that the base does not contain. */
  readonly tips: readonly Oid[]
}

export interface RefsWish {
  readonly base: Oid
  /** Branches below this name are Kage's and are not given. */
  readonly prefix: string
  /** `some`: the current branch, its upstream, the default branch and the tags. */
  readonly refs: 'some' | 'all'
}

/** Lists the refs of the person's repository that an agent's store is to have; refs that name no commit are left out. */
export async function givenRefs(repository: Repository, wish: RefsWish): Promise<GivenRefs> {
  const [listed, open] = await Promise.all([listRefs(repository), notContained(repository, wish.base)])
  const chosen = chosenNames(listed, wish)
  const refs = listed.filter(({ name, commit }) => commit !== '' && chosen.has(name)).map(given)
  const names = new Set(refs.map(({ name }) => name))
  const symbolic = listed.flatMap(({ name, target }) =>
    names.has(target) && chosen.has(target) ? [[name, target] as const] : [],
  )
  const tips = new Set(refs.filter(({ name }) => open === null || open.has(name)).map(({ commit }) => commit))
  tips.delete(wish.base)
  return { refs, symbolic, tips: await independent(repository, tips, wish.base) }
}

interface ListedRef {
  readonly name: string
  readonly oid: Oid
  /** Empty where it names no commit, or is a symbolic ref. */
  readonly commit: Oid
  readonly isTagObject: boolean
  /** What a symbolic ref points to; empty for any other. */
  readonly target: string
  readonly isCurrent: boolean
  readonly upstream: string
}

const fields = [
  'refname',
  'objectname',
  'objecttype',
  '*objectname',
  '*objecttype',
  'symref',
  'HEAD',
  'upstream',
]

async function listRefs(repository: Repository): Promise<ListedRef[]> {
  const format = fields.map((field) => `%(${field})`).join('%00')
  const { code, stdout } = await git(repository.place, ['for-each-ref', `--format=${format}%00`], {
    okCodes: [0, 1, 128],
  })
  // A repository with a broken ref can still be worked in: agents then begin with their own branch only.
  if (code !== 0) return []
  return stdout
    .toString('latin1')
    .split('\0\n')
    .filter((record) => record !== '')
    .map(listedRef)
}

function listedRef(record: string): ListedRef {
  const [name = '', oid = '', type, peeled = '', peeledType, target = '', head, upstream = ''] =
    record.split('\0')
  const isTagObject = type === 'tag'
  const commit = type === 'commit' ? oid : isTagObject && peeledType === 'commit' ? peeled : ''
  return {
    name,
    oid,
    commit: target === '' ? commit : '',
    isTagObject,
    target,
    isCurrent: head === '*',
    upstream,
  }
}

/** The names of the refs whose commits the base does not contain; null where git cannot tell. */
async function notContained(repository: Repository, base: Oid): Promise<Set<string> | null> {
  const args = ['for-each-ref', '--format=%(refname)', `--no-merged=${base}`]
  const { code, stdout } = await git(repository.place, args, { okCodes: [0, 1, 128, 129] })
  return code === 0 ? new Set(stdout.toString('latin1').split('\n')) : null
}

function chosenNames(listed: readonly ListedRef[], { prefix, refs }: RefsWish): Set<string> {
  const own = Buffer.from(`refs/heads/${prefix}`, 'utf8').toString('latin1')
  const names = listed.map(({ name }) => name).filter((name) => name !== own && !name.startsWith(`${own}/`))
  if (refs === 'all') return new Set(names.filter((name) => /^refs\/(heads|remotes|tags|notes)\//.test(name)))
  const current = listed.find(({ isCurrent }) => isCurrent)
  const wanted = new Set([current?.name, current?.upstream, ...defaultBranches(listed)])
  return new Set(names.filter((name) => wanted.has(name) || name.startsWith('refs/tags/')))
}

/** The default branches of the remotes with the branches of the same name here, else what is usual. */
function defaultBranches(listed: readonly ListedRef[]): string[] {
  const heads = listed
    .filter(({ name }) => /^refs\/remotes\/.*\/HEAD$/s.test(name))
    .map(({ target }) => target)
  const targets = heads.filter((target) => target.startsWith('refs/remotes/'))
  if (targets.length === 0) return ['refs/heads/main', 'refs/heads/master']
  const short = targets.map((target) => target.slice(target.indexOf('/', 'refs/remotes/'.length) + 1))
  return [...targets, ...short.map((name) => `refs/heads/${name}`)]
}

function given({ name, oid, commit, isTagObject }: ListedRef): GivenRef {
  return { name, oid, commit, isTagObject }
}

/** Creates refs in a repository of Kage's own that has none of them yet; many are written as one file of packed refs, as git's own clone does it. */
export async function createRefs(
  gitDir: string,
  { refs, symbolic }: Pick<GivenRefs, 'refs' | 'symbolic'>,
  refStorage: string,
): Promise<void> {
  if (refs.length === 0) return
  if (refs.length > limit.looseRefs && refStorage === 'files')
    await writeFile(join(gitDir, 'packed-refs'), packedRefs(refs), 'latin1')
  else {
    // Made anew after a crash, so nothing of it has to survive one.
    const place = { gitDir, settings: ['core.fsync=none', 'core.logAllRefUpdates=false'] }
    const input = Buffer.from(refs.map(({ name, oid }) => `create ${name}\0${oid}\0`).join(''), 'latin1')
    await git(place, ['update-ref', '-z', '--stdin'], { input })
  }
  for (const [name, target] of symbolic)
    await git({ gitDir }, ['symbolic-ref', decoded(name), decoded(target)])
}

function packedRefs(refs: readonly GivenRef[]): string {
  const sorted = refs.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const lines = sorted.map(
    ({ name, oid, commit, isTagObject }) => `${oid} ${name}\n${isTagObject ? `^${commit}\n` : ''}`,
  )
  return `# pack-refs with: peeled fully-peeled sorted \n${lines.join('')}`
}

function decoded(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8')
}

/** Those of some commits that no other of them contains; the base is contained in none. */
async function independent(repository: Repository, tips: ReadonlySet<Oid>, base: Oid): Promise<Oid[]> {
  if (tips.size <= limit.looseRefs) return [...tips]
  const input = [...tips, `^${base}`].map((line) => `${line}\n`).join('')
  const args = ['rev-list', '--parents', '--stdin']
  const output = await git(repository.place, args, { input }).catch(() => null)
  if (output === null) return [...tips]
  const contained = new Set(
    output.stdout
      .toString('latin1')
      .split('\n')
      .flatMap((line) => line.split(' ').slice(1)),
  )
  return [...tips].filter((tip) => !contained.has(tip))
}
