import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './repository.ts'

/**
 * Calls back when git writes something of a worktree: its HEAD and branch, its index. The kernel tells, nothing is polled; what
 * cannot be watched is not told. The answer ends it.
 */
export function watchHead({ gitDir }: Pick<Repository, 'gitDir'>, onChange: () => void): () => void {
  // A branch that is moved from elsewhere is noted in the log of HEAD alone.
  const watchers = [gitDir, join(gitDir, 'logs')].flatMap((path) => watchDirectory(path, onChange))
  return () => {
    for (const watcher of watchers) watcher.close()
  }
}

function watchDirectory(path: string, onChange: () => void): FSWatcher[] {
  try {
    const watcher = watch(path, { persistent: false }, onChange)
    return [watcher.on('error', () => watcher.close())]
  } catch {
    return []
  }
}
