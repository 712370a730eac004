import type { Oid } from '../../../core/merge/change.ts'
import { diffOptions, diffPlace, renameOptions } from './diff.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'

/** An ordinary patch from a base to a tree, for people and `git apply`; binaries included, a renamed file as one. */
export async function patchOf(own: Own, base: Oid, tree: Oid): Promise<Buffer> {
  const output = await compare(own, base, tree, ['--raw', ...renameOptions])
  const start = output.indexOf('\n\n')
  const records = output.toString('latin1', 0, Math.max(start, 0)).split('\n')
  if (isLinkMovedAside(records)) return compare(own, base, tree, diffOptions)
  return output.subarray(start === -1 ? output.length : start + 2)
}

async function compare(own: Own, base: Oid, tree: Oid, options: readonly string[]): Promise<Buffer> {
  const args = ['diff-tree', '-r', '-p', '--binary', ...options, base, tree]
  return (await git(diffPlace(own), args, { env: { GIT_ATTR_NOSYSTEM: '1' } })).stdout
}

/**
 * Whether a file lies below the path where a link was before it was moved: git reads no mode in such a rename, and refuses to
 * write "beyond a symbolic link".
 */
function isLinkMovedAside(records: readonly string[]): boolean {
  const paths = records.map((record) => record.split('\t').slice(1).map(unquoted))
  const links = paths.filter((_, index) => /^:120000 .* R\d+\t/.test(records[index] ?? ''))
  return links.some(([from = '']) => paths.some((each) => each.at(-1)?.startsWith(`${from}/`)))
}

function unquoted(path: string): string {
  return path.replaceAll(/^"|"$/g, '')
}
