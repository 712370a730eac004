import type { Entry, Oid, TreePath } from '../../../core/merge/change.ts'
import { pathOfBytes } from '../../../core/merge/path.ts'
import { diffOptions, diffTrees } from './diff.ts'
import type { Own } from '../repository/own.ts'

/** A path whose entries differ between two trees; null where a tree has none. */
export interface TreeChange {
  readonly path: TreePath
  readonly old: Entry | null
  readonly new: Entry | null
}

/** What differs between two trees, path by path, with the entries of both sides. */
export async function treeChanges(own: Own, old: Oid, now: Oid): Promise<TreeChange[]> {
  if (old === now) return []
  const stdout = await diffTrees(own, ['--raw', ...diffOptions], [[old, now]])
  const fields = stdout.toString('latin1', stdout.indexOf('\n') + 1).split('\0')
  const changes: TreeChange[] = []
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = ''] = (fields[index] ?? '').slice(1).split(' ')
    const path = pathOfBytes(fields[index + 1] ?? '')
    changes.push({ path, old: entry(oldMode, oldOid), new: entry(newMode, newOid) })
  }
  return changes
}

function entry(mode: string, oid: Oid): Entry | null {
  return mode === '000000' ? null : { mode, oid }
}
