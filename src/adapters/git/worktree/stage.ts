// `git add -A` starts `git status` inside every submodule, and that obeys the configuration of whoever made it.
// Listing what differs and updating the index by that list gives the same tree and starts nothing.
import type { ByteString } from '../../../core/merge/change.ts'
import { mayBeEncoding, withUnconvertible } from './encodings.ts'
import { filteredPaths } from '../repository/filters.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { linkParents, parentsAbove } from './link-parents.ts'
import { statAt } from './work-file.ts'

/** The paths of a worktree that its tree does not hold, or not as git would. */
export interface OutsideTree {
  /** Nested repositories without a commit, which no tree can hold. */
  readonly unborn: readonly ByteString[]
  /** Untracked files over the size limit. */
  readonly large: readonly ByteString[]
  /** Changed files whose filter may not run; the index has them as they were. */
  readonly filtered: readonly ByteString[]
  /** Files that git cannot convert from their `working-tree-encoding`; the index has their bytes as they are. */
  readonly unconverted: readonly ByteString[]
}

/** The result of one pass over a worktree: whether the index changed, and what is not in it. */
export interface Staged extends OutsideTree {
  readonly changed: boolean
  /** A file in the index, untracked when it was added, has grown over the size limit since. */
  readonly outgrown: boolean
  /** Something changed that says which files count and how they become blobs. */
  readonly rules: boolean
}

export interface StageOptions {
  /** A directory of Kage's own for what the pass needs meanwhile. */
  readonly temporary: string
  /** Files that earlier passes with this index could not convert. */
  readonly unconverted?: readonly ByteString[]
  /** Paths to settle in any case. */
  readonly also?: readonly ByteString[]
  /** Untracked files over this size are left out; absent: no limit. */
  readonly largeBytes?: number | undefined
  /** Filter drivers that may not run. */
  readonly withheld?: readonly string[] | undefined
}

/** Brings the index of a place up to what its worktree holds, untracked files included, ignored and large ones not. */
export async function stage(place: GitPlace, options: StageOptions): Promise<Staged> {
  try {
    return await stageAll(place, options, [])
  } catch (thrown) {
    if (!mayBeEncoding(thrown)) throw thrown
    const staged = await withUnconvertible(place, options.temporary, (frame, unconverted) =>
      stageAll(frame, options, unconverted),
    )
    if (staged === null) throw thrown
    return staged
  }
}

async function stageAll(
  place: GitPlace,
  options: StageOptions,
  unconverted: readonly ByteString[],
): Promise<Staged> {
  const first = await stageListed(place, options)
  const all = first.uncovered ? joined(first, await stageListed(place, { ...options, also: [] })) : first
  const { paths, uncovered: _uncovered, ...staged } = all
  const earlier = (options.unconverted ?? []).filter((path) => !paths.has(path))
  return { ...staged, unconverted: [...new Set([...earlier, ...unconverted])].toSorted() }
}

function joined(first: Listing, more: Listing): Listing {
  return {
    changed: true,
    unborn: [...first.unborn, ...more.unborn],
    large: [...new Set([...first.large, ...more.large])],
    filtered: [...new Set([...first.filtered, ...more.filtered])],
    outgrown: first.outgrown || more.outgrown,
    rules: first.rules || more.rules,
    paths: new Set([...first.paths, ...more.paths]),
    uncovered: false,
  }
}

/** `paths`: those that were settled; `uncovered`: a directory has lost the entry of its own name, which hides from git what lies in it. */
type Listing = Omit<Staged, 'unconverted'> & {
  readonly paths: ReadonlySet<ByteString>
  readonly uncovered: boolean
}

async function stageListed(
  place: GitPlace,
  { also = [], largeBytes = Infinity, withheld = [] }: StageOptions,
): Promise<Listing> {
  const workTree = place.workTree ?? ''
  const { untracked, tracked } = await listed(place)
  const known = new Set(also)
  const isLarge = (path: ByteString): boolean => sizeOf(workTree, path) > largeBytes
  const large =
    largeBytes === Infinity ? [] : [...untracked].filter((path) => !known.has(path) && isLarge(path))
  const present = [...untracked, ...tracked].filter((path) => statAt(workTree, path)?.isFile() === true)
  const filtered = await filteredPaths(place, withheld.length === 0 ? [] : present, withheld)
  const skipped = new Set([...large, ...filtered])
  const all = new Set([...untracked, ...tracked, ...also].filter((path) => !skipped.has(path)))
  // A path below one that is listed itself goes away with it: `a/b` when `a` has become a file or a link.
  const paths = [...all].filter((path) => !parentsAbove(path).some((parent) => all.has(parent)))
  const files = paths.filter((path) => !path.endsWith('/'))
  const links = await linkParents(workTree, files)
  const [gone, there] = partition(files, (path) => parentsAbove(path).some((parent) => links.has(parent)))
  await update(place, ['--force-remove'], gone)
  await update(place, following, there)
  const unborn: ByteString[] = []
  for (const nested of paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1))) {
    if ((await update(place, following, [nested], [0, 128])) !== 0) unborn.push(nested)
  }
  const rules = paths.some((path) => /(^|\/)\.git(ignore|attributes|modules)$/.test(path))
  const uncovered = there.some((path) => statAt(workTree, path)?.isDirectory() === true)
  const outgrown = largeBytes !== Infinity && there.some((path) => tracked.has(path) && isLarge(path))
  const changed = paths.length > unborn.length
  return {
    changed,
    unborn,
    large,
    filtered: [...filtered].toSorted(),
    outgrown,
    rules,
    paths: all,
    uncovered,
  }
}

interface Listed {
  readonly untracked: ReadonlySet<ByteString>
  readonly tracked: ReadonlySet<ByteString>
}

// `? path` is not in the index; `C path` is changed and `R path` deleted.
async function listed(place: GitPlace): Promise<Listed> {
  const options = ['-z', '-t', '--modified', '--deleted', '--others', '--exclude-standard']
  const { stdout } = await git(place, ['ls-files', ...options])
  const [untracked, tracked] = partition(splitNul(stdout), (line) => line.startsWith('? '))
  const paths = (lines: readonly string[]): Set<ByteString> => new Set(lines.map((line) => line.slice(2)))
  return { untracked: paths(untracked), tracked: paths(tracked) }
}

function sizeOf(workTree: string, path: ByteString): number {
  const found = statAt(workTree, path)
  return found?.isFile() === true ? found.size : 0
}

const following: readonly string[] = ['--add', '--remove', '--replace']

async function update(
  place: GitPlace,
  options: readonly string[],
  paths: readonly ByteString[],
  okCodes: readonly number[] = [0],
): Promise<number> {
  if (paths.length === 0) return 0
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1')
  return (await git(place, ['update-index', ...options, '-z', '--stdin'], { input, okCodes })).code
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}

function splitNul(bytes: Buffer): ByteString[] {
  return bytes
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '')
}
