// `git add -A` starts `git status` inside every submodule, and that obeys the configuration of whoever made it.
// Listing what differs and updating the index by that list gives the same tree and starts nothing.
import type { ByteString } from '../../core/merge/change.ts'
import { git } from './git.ts'
import type { GitPlace } from './git.ts'
import { linkParents, parentsAbove } from './link-parents.ts'
import { statAt } from './work-file.ts'

/** What a look at a worktree found: whether the index had to follow, and nested repositories without a commit, which no tree can hold. */
export interface Staged {
  readonly changed: boolean
  readonly leftOut: readonly ByteString[]
  /** Something changed that says which files count and how they become blobs. */
  readonly rules: boolean
}

/** Brings the index of a place up to what its worktree holds, untracked files included and ignored ones not; `also` names paths to settle in any case. */
export async function stage(place: GitPlace, also: readonly ByteString[] = []): Promise<Staged> {
  const { uncovered, ...staged } = await stageListed(place, also)
  if (!uncovered) return staged
  const { leftOut, rules } = await stageListed(place, [])
  return { changed: true, leftOut: [...staged.leftOut, ...leftOut], rules: staged.rules || rules }
}

/** `uncovered`: a directory has lost the entry of its own name, which hides from git what lies in it. */
async function stageListed(
  place: GitPlace,
  also: readonly ByteString[],
): Promise<Staged & { readonly uncovered: boolean }> {
  const options = ['-z', '--deduplicate', '--modified', '--deleted', '--others', '--exclude-standard']
  const { stdout } = await git(place, ['ls-files', ...options])
  const listed = new Set([...splitNul(stdout), ...also])
  // A path below one that is listed itself goes away with it: `a/b` when `a` has become a file or a link.
  const paths = [...listed].filter((path) => !parentsAbove(path).some((parent) => listed.has(parent)))
  const files = paths.filter((path) => !path.endsWith('/'))
  const links = await linkParents(place.workTree ?? '', files)
  const [gone, there] = partition(files, (path) => parentsAbove(path).some((parent) => links.has(parent)))
  await update(place, ['--force-remove'], gone)
  await update(place, following, there)
  const leftOut: ByteString[] = []
  for (const nested of paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1))) {
    if ((await update(place, following, [nested], [0, 128])) !== 0) leftOut.push(nested)
  }
  const rules = paths.some((path) => /(^|\/)\.git(ignore|attributes|modules)$/.test(path))
  const uncovered = there.some((path) => statAt(place.workTree ?? '', path)?.isDirectory() === true)
  return { changed: paths.length > leftOut.length, leftOut, rules, uncovered }
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
