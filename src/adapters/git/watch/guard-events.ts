import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from '../repository/repository.ts'

/**
 * Calls back when something is written that makes git run a program or read elsewhere: settings, hooks, info/*, alternates,
 * files that lead to a git directory. The kernel tells, nothing is polled; what cannot be watched is left to the regular
 * looks. Tracked hooks are left to them, too: a rebase writes them in passing. The answer ends it.
 */
export function watchGuarded(
  { root, gitDir, commonDir }: Pick<Repository, 'root' | 'gitDir' | 'commonDir'>,
  onChange: () => void,
): () => void {
  const below = new Map<string, FSWatcher>()
  const watchBelow = (): void => {
    for (const [name, counts] of [
      ['hooks', isHook],
      ['info', isInfo],
    ] as const) {
      const path = join(commonDir, name)
      if (below.has(path)) continue
      for (const watcher of watchDirectory(path, counts, onChange)) {
        below.set(path, watcher)
        watcher.on('close', () => below.delete(path))
      }
    }
  }
  // A directory that appears, or takes the place of another, is watched anew.
  const onCommon = (name: string): void => {
    if (name === 'hooks' || name === 'info') {
      below.get(join(commonDir, name))?.close()
      watchBelow()
    }
    onChange()
  }
  const above = [
    ...watchDirectory(commonDir, isCommon, onCommon),
    ...(gitDir === commonDir ? [] : watchDirectory(gitDir, isLinked, onChange)),
    ...watchDirectory(join(commonDir, 'objects', 'info'), (name) => name.endsWith('alternates'), onChange),
    ...watchDirectory(root, (name) => name === '.git', onChange),
  ]
  watchBelow()
  return () => {
    for (const watcher of [...above, ...below.values()]) watcher.close()
  }
}

function isCommon(name: string): boolean {
  return name === 'config' || name === 'config.worktree' || name === 'hooks' || name === 'info'
}

function isLinked(name: string): boolean {
  return name === 'config.worktree' || name === 'commondir' || name === 'gitdir'
}

function isHook(name: string): boolean {
  return !name.endsWith('.sample')
}

/** Names that commands of an ordinary day write do not count. */
function isInfo(name: string): boolean {
  return !/^(refs|sparse-checkout)(\.lock|_\w+)?$/.test(name)
}

function watchDirectory(
  path: string,
  counts: (name: string) => boolean,
  onChange: (name: string) => void,
): FSWatcher[] {
  try {
    const watcher = watch(path, { persistent: false }, (_, name) => {
      if (name !== null && counts(name)) onChange(name)
    })
    return [watcher.on('error', () => watcher.close())]
  } catch {
    return []
  }
}
