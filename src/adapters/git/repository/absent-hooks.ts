import { constants } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { type Setting, settingOf } from './config.ts'
import { git } from '../command/git.ts'
import type { Repository } from './repository.ts'

/** Hooks that run in the person's worktree and are missing in any other, with the directory that holds them. */
export interface AbsentHooks {
  readonly directory: string
  readonly hooks: readonly string[]
}

/** Finds hooks that a relative `core.hooksPath` leads to and git does not track, so that new worktrees lack them; null without any. */
export async function absentHooks(
  repository: Repository,
  settings: readonly Setting[],
): Promise<AbsentHooks | null> {
  const directory = settingOf(settings, 'core.hookspath') ?? ''
  if (directory === '' || directory.startsWith('~') || isAbsolute(directory)) return null
  const path = join(repository.root, directory)
  const names = await readdir(path).catch(() => [])
  const executable = await Promise.all(names.map((name) => isExecutable(join(path, name))))
  const hooks = names.filter((name, index) => executable[index] === true && /^[a-z0-9-]+$/.test(name))
  if (hooks.length === 0) return null
  const { stdout } = await git(repository.place, ['ls-files', '-z', '--', directory])
  const tracked = new Set(
    stdout
      .toString('utf8')
      .split('\0')
      .map((file) => join(repository.root, file)),
  )
  const absent = hooks.filter((name) => !tracked.has(join(path, name)))
  return absent.length === 0 ? null : { directory, hooks: absent }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
