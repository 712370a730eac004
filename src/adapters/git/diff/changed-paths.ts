import type { Oid, TreePath } from '../../../core/merge/change.ts'
import type { Own } from '../repository/own.ts'
import { treeChanges } from './tree-changes.ts'

/** The paths whose mode or content differs between two trees. */
export async function changedPaths(own: Own, base: Oid, tree: Oid): Promise<Set<TreePath>> {
  if (base === tree) return new Set()
  return new Set((await treeChanges(own, base, tree)).map(({ path }) => path))
}
