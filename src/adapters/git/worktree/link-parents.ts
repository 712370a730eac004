import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteString } from '../../../core/merge/change.ts'

/** The directories above a path, outermost first. */
export function parentsAbove(path: ByteString): ByteString[] {
  const parents: ByteString[] = []
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    parents.push(path.slice(0, slash))
  }
  return parents
}

/** Those of the directories above these paths that are links: what lies behind a link is not in the worktree. */
export async function linkParents(workTree: string, paths: readonly ByteString[]): Promise<Set<ByteString>> {
  const parents = [...new Set(paths.flatMap(parentsAbove))]
  const links = await Promise.all(parents.map((parent) => isLink(workTree, parent)))
  return new Set(parents.filter((_, index) => links[index]))
}

async function isLink(workTree: string, path: ByteString): Promise<boolean> {
  const bytes = Buffer.concat([Buffer.from(join(workTree, '/')), Buffer.from(path, 'latin1')])
  return lstat(bytes).then(
    (found) => found.isSymbolicLink(),
    () => false,
  )
}
