import { fileCounts } from '../adapters/git/diff/file-counts.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Oid, TreePath } from '../core/merge/change.ts'
import { pathToWire } from '../core/merge/path.ts'
import type { FileView } from '../core/protocol/results.ts'

/** The files that differ between two trees, as scripts and people see them. */
export async function fileViews(own: Own, old: Oid, now: Oid): Promise<FileView[]> {
  const files = await fileCounts(own, old, now)
  return files.map(({ path, from, modes, lines }) => ({
    ...pathToWire(path),
    ...placeBefore(from),
    modes,
    lines,
  }))
}

function placeBefore(from: TreePath | null): Pick<FileView, 'from' | 'fromEncoding'> {
  if (from === null) return { from }
  const { path, pathEncoding } = pathToWire(from)
  return { from: path, ...(pathEncoding === undefined ? {} : { fromEncoding: pathEncoding }) }
}
