import { lstatSync, realpathSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { ToolFailure } from './tool.ts'

/** A place in the worktree, after all links were followed. */
export interface Place {
  /** Where to open it. */
  readonly path: string
  /** How it is called in the worktree; '' is the worktree itself. */
  readonly name: string
  /** What is there; null where nothing is. */
  readonly kind: 'file' | 'directory' | null
  readonly stats: Stats | null
}

/**
 * The place that a path names, if it lies in the worktree: the deepest directory above it that exists is looked up for
 * real, and a link at its end is followed. Everything else is refused: outside, git's own files, devices, dead links.
 */
export function placeIn(root: string, given: string): Place {
  if (given === '' || given.includes('\0')) throw new ToolFailure('A path is empty or holds NUL.')
  if (given.split(sep).some(isGitName)) throw new ToolFailure(`${given} belongs to git and cannot be used.`)
  const wanted = resolve(root, given)
  if (wanted === root) return { path: root, name: '', kind: 'directory', stats: lstatSync(root) }
  return followed(root, given, join(realDirectory(dirname(wanted), given), basename(wanted)))
}

/** Whether a name is git's own, in any case and with the invisible letters that some file systems ignore. */
export function isGitName(name: string): boolean {
  return name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '').toLowerCase() === '.git'
}

function followed(root: string, given: string, path: string): Place {
  const name = nameIn(root, path, given)
  const stats = statsOf(path, given)
  if (stats === null) return { path, name, kind: null, stats: null }
  if (stats.isSymbolicLink()) return followed(root, given, realOf(path, given))
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : null
  if (kind === null) throw new ToolFailure(`${given} is neither a file nor a directory.`)
  return { path, name, kind, stats }
}

function nameIn(root: string, path: string, given: string): string {
  const name = relative(root, path)
  if (name === '..' || name.startsWith(`..${sep}`) || isAbsolute(name))
    throw new ToolFailure(`${given} lies outside the worktree; only what is in it can be used.`)
  if (name.split(sep).some(isGitName)) throw new ToolFailure(`${given} belongs to git and cannot be used.`)
  return name
}

function realDirectory(directory: string, given: string): string {
  const stats = statsOf(directory, given)
  if (stats === null) return join(realDirectory(dirname(directory), given), basename(directory))
  const real = realOf(directory, given)
  if (lstatSync(real).isDirectory()) return real
  throw new ToolFailure(`${given}: a part of this path is a file.`)
}

function realOf(path: string, given: string): string {
  try {
    return realpathSync(path)
  } catch {
    throw new ToolFailure(`${given}: a link on this path leads nowhere.`)
  }
}

function statsOf(path: string, given: string): Stats | null {
  try {
    return lstatSync(path)
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    if (code === 'ENOTDIR') throw new ToolFailure(`${given}: a part of this path is a file.`)
    throw new ToolFailure(`${given} cannot be looked at: ${code ?? String(thrown)}.`)
  }
}
