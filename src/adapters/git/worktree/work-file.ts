import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, readlinkSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { ByteString, TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath } from '../../../core/merge/path.ts'
import { parentsOf } from '../object/tree-path.ts'

/** A file as it lies in a worktree: the hash of its raw bytes (a link's are its target); null permissions are the default. */
export interface Side {
  readonly mode: string
  readonly permissions: number | null
  readonly content: string
}

/** What lies at a path of a worktree; `blocked` when a link or a repository of its own stands above it. */
export type WorkFile =
  | { readonly kind: 'absent' | 'directory' | 'other' | 'blocked' }
  | { readonly kind: 'file'; readonly mode: string; readonly permissions: number; readonly bytes: Buffer }

/** Whether a link at a path is one of a plan's own, which stands where a directory was or shall be. */
export type IsOwnLink = (path: ByteString, target: Buffer) => boolean

/** Looks at a path of a worktree, now and without following any link; below one of the plan's own links nothing is. */
export function readWorkFile(root: string, path: TreePath, isOwnLink: IsOwnLink = () => false): WorkFile {
  const bytes = bytesOfPath(path)
  for (const parent of parentsOf(bytes).slice(1)) {
    const stat = statAt(root, parent)
    if (stat === null || stat.isFile()) return { kind: 'absent' }
    if (stat.isSymbolicLink() && isOwnLink(parent, linkAt(root, parent))) return { kind: 'absent' }
    if (!stat.isDirectory() || statAt(root, `${parent}/.git`) !== null) return { kind: 'blocked' }
  }
  return readAt(root, bytes)
}

/** Whether a file of a worktree is that side of a plan; a directory is none. */
export function isSide(file: WorkFile, side: Side | null, fileMode: boolean): boolean {
  if (side === null) return file.kind === 'absent' || file.kind === 'directory'
  if (file.kind !== 'file' || hashOf(file.bytes) !== side.content) return false
  return file.mode === side.mode || (!fileMode && file.mode !== '120000' && side.mode !== '120000')
}

/** The name of raw bytes in a journal. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The path on disk of a path's bytes, which need not be UTF-8. */
export function diskPath(root: string, bytes: ByteString): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(bytes, 'latin1')])
}

/** What lstat says about a path of a worktree, or null where nothing is. */
export function statAt(root: string, bytes: ByteString): Stats | null {
  try {
    return lstatSync(diskPath(root, bytes), { throwIfNoEntry: false }) ?? null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return null
    throw error
  }
}

function linkAt(root: string, bytes: ByteString): Buffer {
  return readlinkSync(diskPath(root, bytes), { encoding: 'buffer' })
}

function readAt(root: string, bytes: ByteString): WorkFile {
  const stat = statAt(root, bytes)
  if (stat === null) return { kind: 'absent' }
  const permissions = stat.mode & 0o7777
  const path = diskPath(root, bytes)
  if (stat.isSymbolicLink()) {
    return { kind: 'file', mode: '120000', permissions, bytes: linkAt(root, bytes) }
  }
  if (!stat.isFile()) return { kind: stat.isDirectory() ? 'directory' : 'other' }
  return {
    kind: 'file',
    mode: (permissions & 0o100) === 0 ? '100644' : '100755',
    permissions,
    bytes: readFileSync(path),
  }
}
