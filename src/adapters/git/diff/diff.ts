import { randomBytes } from 'node:crypto'
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { commitTree } from '../object/commit-tree.ts'
import type { GitPlace } from '../command/git.ts'
import { askGit } from '../command/kept-git.ts'
import type { Own } from '../repository/own.ts'

/** Options that make a comparison of trees depend on nothing but the trees, path by path. */
export const diffOptions: readonly string[] = ['--no-renames', ...plainOptions()]

/**
 * The same, where a file that lies at another path is found again; an empty one never is. Of very many that went and came,
 * only those of the same content or name are, because each would be compared with each.
 */
export const renameOptions: readonly string[] = renamesUpTo(limit.renamesCompared)

/** The same for a count, which is taken again whenever an agent has written something: fewer are compared with each other. */
export const renameCountOptions: readonly string[] = renamesUpTo(limit.renamesCounted)

/**
 * How a comparison tells what became of each text, beside its entries: with a line around each change, for without any git
 * leaves out what both texts end with before it looks for the best place of a change.
 */
export const patchOptions: readonly string[] = [
  '--raw',
  '-p',
  '-U1',
  '--indent-heuristic',
  '--irreversible-delete',
  ...renameOptions,
]

/** The same as git compares what it merges, which looks for no best place. */
export const mergeOptions: readonly string[] = [...patchOptions, '--no-indent-heuristic']

const end = `kage.end.${randomBytes(16).toString('hex')}\n`

/**
 * The same options with the algorithm that git uses by default. Histogram reads better, and is quadratic where very many
 * places of one text differ.
 */
export function linearOptions(options: readonly string[]): string[] {
  return options.map((option) => (option === '--histogram' ? '--diff-algorithm=myers' : option))
}

/** What `diff-tree` says of pairs of trees (or commits), one after the other, each behind a line that names both. */
export async function diffTrees(
  own: Own,
  options: readonly string[],
  pairs: readonly (readonly [old: Oid, now: Oid])[],
  timeoutMs: number = limit.gitTimeoutMs,
): Promise<Buffer> {
  const trees = await Promise.all(pairs.flat().map((oid) => commitTree(own, oid)))
  const lines = pairs.map((_, at) => `${trees[at * 2]} ${trees[at * 2 + 1]}\n`)
  const args = ['diff-tree', '--stdin', '-r', '-z', ...options]
  const command = { place: diffPlace(own), args, env: { GIT_ATTR_NOSYSTEM: '1' } }
  // A line that names no object is said again, and all that was said before it goes out.
  return askGit(command, Buffer.from(lines.join('') + end), end, timeoutMs)
}

/** Where trees are compared: Kage's own repository, blind to every attributes file (with GIT_ATTR_NOSYSTEM). */
export function diffPlace(own: Own): GitPlace {
  return { ...own.place, settings: ['core.attributesFile=/dev/null'] }
}

function renamesUpTo(most: number): string[] {
  return ['-M', `-l${most}`, '--no-rename-empty', ...plainOptions()]
}

function plainOptions(): string[] {
  return [
    '--histogram',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--full-index',
    '--ignore-submodules=none',
  ]
}
