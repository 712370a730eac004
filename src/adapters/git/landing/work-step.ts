// One step at a time, each with a last look and its effect in one go, so that an edit in between is seen and not lost.
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import type { ByteString } from '../../../core/merge/change.ts'
import { bytesOfPath } from '../../../core/merge/path.ts'
import type { Directory, PathStep } from './landing-plan.ts'
import { diskPath, hashOf, type IsOwnLink, isSide, readWorkFile, type Side } from '../worktree/work-file.ts'

/** How a path stands: as before the step, as after it, or as neither. */
export type StepState = 'old' | 'new' | 'foreign'

/** Looks how the paths of steps stand. */
export function stepStates(root: string, steps: readonly PathStep[], fileMode: boolean): StepState[] {
  const isOwnLink = ownLinks(steps)
  return steps.map((step) => stepState(root, step, { fileMode, isOwnLink }))
}

/** The links that steps put or take away, just as they put or found them. */
export function ownLinks(steps: readonly PathStep[]): IsOwnLink {
  const links = new Map<ByteString, string[]>()
  for (const { path, old, new: now } of steps) {
    const sides = [old, now].flatMap((side) => (side?.mode === '120000' ? [side.content] : []))
    if (sides.length > 0) links.set(bytesOfPath(path), sides)
  }
  return (path, target) => links.get(path)?.includes(hashOf(target)) === true
}

/** Looks how a path stands. */
export function stepState(
  root: string,
  step: PathStep,
  { fileMode, isOwnLink }: { readonly fileMode: boolean; readonly isOwnLink: IsOwnLink },
): StepState {
  const file = readWorkFile(root, step.path, isOwnLink)
  if (isSide(file, step.new, fileMode)) return 'new'
  return isSide(file, step.old, fileMode) ? 'old' : 'foreign'
}

/** Lays the new content of a step down, durably, where it waits. */
export function writeTemporary(root: string, step: PathStep, side: Side, bytes: Buffer): void {
  const path = diskPath(root, bytesOfPath(step.temporary))
  removeFile(path)
  if (side.mode === '120000') {
    symlinkSync(bytes, path)
    return
  }
  const file = openSync(path, 'wx', side.mode === '100755' ? 0o777 : 0o666)
  try {
    if (side.permissions !== null) fchmodSync(file, side.permissions)
    writeFileSync(file, bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Puts the content that waits into its place, or removes what is there; the path has just been seen to stand as before. */
export function place(root: string, step: PathStep): void {
  const path = diskPath(root, bytesOfPath(step.path))
  const temporary = diskPath(root, bytesOfPath(step.temporary))
  if (step.new === null) unlinkSync(path)
  else if (step.old === null) placeNew(temporary, path)
  else renameSync(temporary, path)
}

/** Removes what may still wait for its place. */
export function removeTemporary(root: string, step: PathStep): void {
  removeFile(diskPath(root, bytesOfPath(step.temporary)))
}

/** Makes a directory that is not there. */
export function makeDirectory(root: string, directory: Directory): void {
  const path = diskPath(root, bytesOfPath(directory.path))
  if (!failsWith(['EEXIST', 'ENOTDIR'], () => mkdirSync(path)) && directory.permissions !== null)
    chmodSync(path, directory.permissions)
}

/** Removes a directory if nothing is in it. */
export function leaveDirectory(root: string, directory: Directory): void {
  const path = diskPath(root, bytesOfPath(directory.path))
  failsWith(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'], () => rmdirSync(path))
}

// A link refuses where something is; renaming would replace it.
function placeNew(temporary: Buffer, path: Buffer): void {
  if (failsWith(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'], () => linkSync(temporary, path)))
    renameSync(temporary, path)
  else unlinkSync(temporary)
}

function removeFile(path: Buffer): void {
  failsWith(['ENOENT', 'ENOTDIR'], () => unlinkSync(path))
}

function failsWith(codes: readonly string[], action: () => void): boolean {
  try {
    action()
    return false
  } catch (error) {
    if (error instanceof Error && 'code' in error && codes.includes(String(error.code))) return true
    throw error
  }
}
