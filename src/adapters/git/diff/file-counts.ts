import type { Oid, TreePath } from '../../../core/merge/change.ts'
import { pathOfBytes } from '../../../core/merge/path.ts'
import { diffPlace, linearOptions, renameCountOptions } from './diff.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'

/** A file that differs between two trees; a renamed one is one, with the path that it comes from. */
export interface FileCount {
  readonly path: TreePath
  readonly from: TreePath | null
  /** Its mode in each tree; null where it is not there. */
  readonly modes: readonly [string | null, string | null]
  /** How many lines came and went; null for what is no text. */
  readonly lines: readonly [added: number, deleted: number] | null
}

/** The files that differ between two commits or trees, as `git diff --stat` counts them. */
export async function fileCounts(own: Own, base: Oid, tree: Oid): Promise<FileCount[]> {
  const args = [
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--numstat',
    ...linearOptions(renameCountOptions),
    base,
    tree,
  ]
  const { stdout } = await git(diffPlace(own), args, { env: { GIT_ATTR_NOSYSTEM: '1' } })
  const fields = stdout.toString('latin1').split('\0')
  const files: FileCount[] = []
  const lines = new Map<string, FileCount['lines']>()
  for (let index = 0; index + 1 < fields.length; index++) {
    const field = fields[index] ?? ''
    if (field.startsWith(':')) {
      const [old = '', mode = '', , , status = ''] = field.slice(1).split(' ')
      const from = fields[++index] ?? ''
      const moved = /^[RC]/.test(status)
      const path = pathOfBytes(moved ? (fields[++index] ?? '') : from)
      const modes = [status.startsWith('C') ? null : modeOf(old), modeOf(mode)] as const
      files.push({ path, from: moved ? pathOfBytes(from) : null, modes, lines: null })
      continue
    }
    const [, added = '', deleted = '', path = ''] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field) ?? []
    // The two paths of what was moved stand apart: `1\t1\t\0old\0new\0`.
    const place = path === '' ? (fields[(index += 2)] ?? '') : path
    lines.set(pathOfBytes(place), added === '-' ? null : [Number(added), Number(deleted)])
  }
  return files.map((file) => ({ ...file, lines: lines.get(file.path) ?? null }))
}

function modeOf(mode: string): string | null {
  return mode === '000000' ? null : mode
}
