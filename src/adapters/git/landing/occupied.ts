import { readdirSync } from 'node:fs'
import { KageError } from '../../../core/error.ts'
import type { ByteString, TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath, pathOfBytes } from '../../../core/merge/path.ts'
import type { TreeChange } from '../diff/tree-changes.ts'
import { parentsOf } from '../object/tree-path.ts'
import { diskPath, statAt } from '../worktree/work-file.ts'
import type { WorkFile } from '../worktree/work-file.ts'

/** A change and what lies at its path now. */
export interface LookedAt {
  readonly change: TreeChange
  readonly file: WorkFile
}

/** Refuses, before anything is written, changes that would hide, replace or leave what the landing does not know: ignored and untracked files, links and repositories above a path, files where directories must be and the reverse. */
export function refuseOccupied(root: string, looked: readonly LookedAt[], ignoreCase: boolean): void {
  const submodules = looked.filter(({ change }) =>
    [change.old, change.new].some((entry) => entry?.mode === '160000'),
  )
  if (submodules.length > 0) throw submoduleRefused(submodules.map(({ change }) => change.path))
  const removed = new Set(
    looked.flatMap(({ change }) => (change.new === null ? [bytesOfPath(change.path)] : [])),
  )
  const reasons = looked.flatMap(({ change, file }) => reasonAgainst(root, change, file, removed) ?? [])
  if (ignoreCase) reasons.push(...caseClashes(root, looked))
  if (reasons.length > 0) throw new KageError('KAGE_TARGET_OCCUPIED', `${reasons.slice(0, 10).join('; ')}.`)
}

/** Every file and every directory below a directory of a worktree. */
export function contentsOf(
  root: string,
  directory: ByteString,
): { files: ByteString[]; directories: ByteString[] } {
  const found = { files: [] as ByteString[], directories: [] as ByteString[] }
  for (const name of namesIn(root, directory)) {
    const path = `${directory}/${name}`
    if (statAt(root, path)?.isDirectory() !== true) {
      found.files.push(path)
      continue
    }
    const below = contentsOf(root, path)
    found.files.push(...below.files)
    found.directories.push(path, ...below.directories)
  }
  return found
}

/** The names in a directory of a worktree, as bytes. */
export function namesIn(root: string, directory: ByteString): ByteString[] {
  return readdirSync(diskPath(root, directory), { encoding: 'buffer' }).map((name) => name.toString('latin1'))
}

function reasonAgainst(
  root: string,
  change: TreeChange,
  file: WorkFile,
  removed: ReadonlySet<ByteString>,
): string | null {
  const shown = JSON.stringify(change.path)
  if (file.kind === 'blocked') return `${shown} lies below a link or in another repository`
  if (file.kind === 'other') return `${shown} is neither a file nor a link`
  if (change.new === null) return null
  const bytes = bytesOfPath(change.path)
  const above = parentsOf(bytes)
    .slice(1)
    .find((parent) => isFile(root, parent) && !removed.has(parent))
  if (above !== undefined)
    return `${shown} needs a directory where the file ${JSON.stringify(pathOfBytes(above))} is`
  if (file.kind === 'directory') {
    const inside = contentsOf(root, bytes).files.find((path) => !removed.has(path))
    return inside === undefined
      ? null
      : `${shown} is a directory that holds ${JSON.stringify(pathOfBytes(inside))}`
  }
  return change.old === null && file.kind === 'file'
    ? `${shown} is there already, untracked or ignored`
    : null
}

function isFile(root: string, path: ByteString): boolean {
  const stat = statAt(root, path)
  return stat !== null && !stat.isDirectory()
}

// Where names differ by case alone they are one file to the file system and two to git.
function caseClashes(root: string, looked: readonly LookedAt[]): string[] {
  const added = looked
    .filter(({ change }) => change.old === null)
    .map(({ change }) => bytesOfPath(change.path))
  const clashes: string[] = []
  const seen = new Map<string, ByteString>()
  for (const path of added.flatMap((path) => [...parentsOf(path).slice(1), path])) {
    const folded = pathOfBytes(path).toLowerCase()
    const other = seen.get(folded) ?? onDisk(root, path)
    if (other !== undefined && other !== path) {
      clashes.push(
        `${JSON.stringify(pathOfBytes(path))} differs from ${JSON.stringify(pathOfBytes(other))} by case alone`,
      )
    }
    seen.set(folded, path)
  }
  return clashes
}

function onDisk(root: string, path: ByteString): ByteString | undefined {
  const slash = path.lastIndexOf('/')
  const parent = path.slice(0, Math.max(slash, 0))
  if (statAt(root, parent)?.isDirectory() !== true) return undefined
  const names = namesIn(root, parent)
  const name = path.slice(slash + 1)
  if (names.includes(name)) return undefined
  const other = names.find((each) => pathOfBytes(each).toLowerCase() === pathOfBytes(name).toLowerCase())
  return other === undefined ? undefined : `${path.slice(0, slash + 1)}${other}`
}

function submoduleRefused(paths: readonly TreePath[]): KageError {
  const shown = paths.map((path) => JSON.stringify(path)).join(', ')
  const hint = 'Leave it out, or take it into a branch that is not checked out (--into REF).'
  return new KageError(
    'KAGE_TARGET_OCCUPIED',
    `${shown} is a repository of its own, which is not changed here.`,
    hint,
  )
}
