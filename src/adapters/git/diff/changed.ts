import { limit } from '../../../core/limit.ts'
import type { Oid, TreePath } from '../../../core/merge/change.ts'
import { fileCounts } from './file-counts.ts'
import { createMemo } from '../command/memo.ts'
import type { Own } from '../repository/own.ts'

/** How much differs between two trees: files, a renamed one once, and lines of those that are text. */
export interface Changed {
  readonly files: number
  readonly added: number
  readonly deleted: number
}

interface Difference {
  readonly changed: Changed
  readonly nested: readonly TreePath[]
}

const known = createMemo<Difference>(limit.comparisonsKept)

/** Counts what differs between two commits or trees, and names the nested repositories that are new or at another commit in the second. */
export function changedBetween(own: Own, base: Oid, tree: Oid): Promise<Difference> {
  return known(`${own.directory} ${base} ${tree}`, () => count(own, base, tree))
}

async function count(own: Own, base: Oid, tree: Oid): Promise<Difference> {
  const files = await fileCounts(own, base, tree)
  const changed = { files: files.length, added: 0, deleted: 0 }
  for (const { lines } of files) {
    changed.added += lines?.[0] ?? 0
    changed.deleted += lines?.[1] ?? 0
  }
  const nested = files.filter(({ modes: [, mode] }) => mode === '160000')
  return { changed, nested: nested.map(({ path }) => path) }
}
