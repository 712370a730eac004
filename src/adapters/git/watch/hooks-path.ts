import { lstat, readdir, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import type { WatchedPart } from '../../../core/alarm.ts'
import { type Setting, settingOf } from '../repository/config.ts'
import type { Repository } from '../repository/repository.ts'
import { filePart } from './part.ts'

/**
 * The files of the directory that `core.hooksPath` names, where it lies in the worktree or in its git directory, tracked or
 * not. Where that directory holds much else, as the top of the worktree does, only executable files count.
 */
export async function hooksPathParts(
  { root, gitDir, commonDir }: Repository,
  settings: readonly Setting[],
): Promise<readonly WatchedPart[]> {
  const named = settingOf(settings, 'core.hookspath') ?? ''
  if (named === '') return []
  const path = resolve(root, named.replace(/^~(?=\/|$)/, homedir()))
  const [directory = '', ...homes] = await Promise.all([path, root, gitDir, commonDir].map(realPath))
  const isWatchedAnyway = directory === join(homes.at(-1) ?? '', 'hooks')
  if (isWatchedAnyway || !homes.some((home) => isWithin(directory, home))) return []
  const isShared = homes.includes(directory)
  const names = await readdir(directory).catch(() => [])
  const parts = await Promise.all([
    linkPart(root, path),
    ...names.map(async (name) => {
      const file = join(directory, name)
      if (name.endsWith('.sample') || (isShared && !(await isExecutable(file)))) return null
      return filePart('hook', relative(homes[0] ?? '', file), file)
    }),
  ])
  return parts.filter((part) => part !== null)
}

async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}

/** A link in the place of the directory; null where it is no link. */
async function linkPart(root: string, path: string): Promise<WatchedPart | null> {
  const found = await lstat(path).catch(() => null)
  return found?.isSymbolicLink() === true ? filePart('hook', relative(root, path), path) : null
}

async function isExecutable(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return found !== null && !found.isDirectory() && (found.isSymbolicLink() || (found.mode & 0o111) !== 0)
}
