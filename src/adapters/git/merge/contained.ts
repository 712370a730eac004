import type { Oid } from '../../../core/merge/change.ts'
import { mergeTrees } from './merge.ts'
import type { Own } from '../repository/own.ts'

/** Whether a tree already has everything that another one changed since their base. */
export async function containsChanges(own: Own, base: Oid, tree: Oid, other: Oid): Promise<boolean> {
  if (other === base || other === tree) return true
  const [merged] = await mergeTrees(own, [{ base, ours: tree, theirs: other }])
  return merged?.clean === true && merged.tree === tree
}
