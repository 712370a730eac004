import type { Entry, Oid, TreePath } from '../../../core/merge/change.ts'
import type { Own } from '../repository/own.ts'
import { parentsOf, treePathBytes } from './tree-path.ts'
import { isDirectoryMode, readDirectories } from './tree.ts'

/** What a commit or tree holds at some paths, by one process at most; a path without a file is left out, one that no tree can hold is refused. */
export async function entriesAt(
  own: Own,
  tree: Oid,
  paths: readonly TreePath[],
): Promise<Map<TreePath, Entry>> {
  const names = new Map(paths.map((path) => [path, treePathBytes(path)]))
  const above = new Set([...names.values()].flatMap(parentsOf).concat(''))
  const directories = await readDirectories(own, tree, above)
  const entries = new Map<TreePath, Entry>()
  for (const [path, bytes] of names) {
    const slash = bytes.lastIndexOf('/')
    const entry = directories.get(bytes.slice(0, Math.max(slash, 0)))?.get(bytes.slice(slash + 1))
    if (entry !== undefined && !isDirectoryMode(entry.mode)) entries.set(path, entry)
  }
  return entries
}
