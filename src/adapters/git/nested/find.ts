import type { ByteString, Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { diskPath, statAt } from '../worktree/work-file.ts'
import { gitDirOf } from '../repository/worktree-link.ts'

/** A repository inside a worktree. */
export interface NestedRepository {
  readonly path: ByteString
  readonly workTree: string
  readonly gitDir: string
  /** The commit that the worktree's tree names there; null where it names none. */
  readonly recorded: Oid | null
}

/** The repositories inside a worktree at each directory and each submodule of its tree, and at `unborn` paths, which no tree can name. Ignored directories are not searched. */
export async function findNested(
  place: GitPlace,
  workTree: string,
  tree: Oid,
  unborn: readonly ByteString[] = [],
): Promise<NestedRepository[]> {
  const directories = await directoriesOf(place, tree)
  const named = new Set(directories.map(({ path }) => path))
  const without = unborn.filter((path) => !named.has(path)).map((path) => ({ path, recorded: null }))
  return nestedAt(workTree, [...directories, ...without])
}

/** The repositories that lie at these directories of a worktree. */
export function nestedAt(
  workTree: string,
  directories: readonly TreeDirectory[],
): Promise<NestedRepository[]> {
  const found = directories.filter(({ path }) => statAt(workTree, `${path}/.git`) !== null)
  return Promise.all(
    found.map(async ({ path, recorded }) => {
      // A path that is not UTF-8 cannot be named to git; the repository there is found, but cannot be read.
      const directory = diskPath(workTree, path).toString()
      const gitDir = await gitDirOf(directory)
      return { path, workTree: directory, gitDir: gitDir ?? `${directory}/.git`, recorded }
    }),
  )
}

/** A directory of a tree; `recorded` is the commit of a submodule. */
export interface TreeDirectory {
  readonly path: ByteString
  readonly recorded: Oid | null
}

// `mode type oid\tpath`; the directories above files come with -t.
async function directoriesOf(place: GitPlace, tree: Oid): Promise<TreeDirectory[]> {
  const { stdout } = await git(place, ['ls-tree', '-r', '-t', '-z', '--full-tree', tree])
  return stdout
    .toString('latin1')
    .split('\0')
    .flatMap((line): TreeDirectory[] => {
      const [, type, oid = '', path = ''] = /^\d+ (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
      if (type === 'commit') return [{ path, recorded: oid }]
      return type === 'tree' ? [{ path, recorded: null }] : []
    })
}
