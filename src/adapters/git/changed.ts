import { limit } from '../../core/limit.ts'
import type { Oid, TreePath } from '../../core/merge/change.ts'
import { pathOfBytes } from '../../core/merge/path.ts'
import { diffPlace, renameCountOptions } from './diff.ts'
import { git } from './git.ts'
import { createMemo } from './memo.ts'
import type { Own } from './own.ts'

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

/** Counts what differs between two commits or trees, and names the repositories that are new as such in the second. */
export function changedBetween(own: Own, base: Oid, tree: Oid): Promise<Difference> {
  return known(`${own.directory} ${base} ${tree}`, () => count(own, base, tree))
}

async function count(own: Own, base: Oid, tree: Oid): Promise<Difference> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--numstat', ...renameCountOptions, base, tree]
  const { stdout } = await git(diffPlace(own), args, { env: { GIT_ATTR_NOSYSTEM: '1' } })
  const fields = stdout.toString('latin1').split('\0')
  const nested: TreePath[] = []
  const changed = { files: 0, added: 0, deleted: 0 }
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] ?? ''
    if (field.startsWith(':')) {
      const path = fields[++index] ?? ''
      changed.files++
      if (/ [RC]\d*$/.test(field)) index++
      if (/^:(?!160000)\d+ 160000 /.test(field)) nested.push(pathOfBytes(path))
      continue
    }
    const lines = /^(\d+|-)\t(\d+|-)\t/.exec(field)
    if (lines === null) continue
    changed.added += Number.parseInt(lines[1] ?? '', 10) || 0
    changed.deleted += Number.parseInt(lines[2] ?? '', 10) || 0
    // The two paths of what was moved stand apart: `1\t1\t\0old\0new\0`.
    if (field.length === lines[0].length) index += 2
  }
  return { changed, nested }
}
