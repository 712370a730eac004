import { mkdirSync, readdirSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { join } from 'node:path'

/** A watch over the directories below a root; the kernel tells, nothing is polled. */
export interface SpoolWatch {
  close: () => void
}

/**
 * Calls back with the name of each directory below the root when its launcher reported a start or an end, and once
 * when the directory appears, since its launcher may have been faster. A directory that cannot be watched is left to
 * the caller's regular look.
 */
export function watchSpools(root: string, onReport: (name: string) => void): SpoolWatch {
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const spools = new Map<string, FSWatcher>()
  const add = (name: string): void => {
    if (spools.has(name)) return
    const watcher = watchDirectory(join(root, name), (file) => {
      if (file === 'started' || file === 'exit') onReport(name)
      if (file === name) remove(name)
    })
    if (watcher === null) return
    spools.set(name, watcher)
    onReport(name)
  }
  const remove = (name: string): void => {
    spools.get(name)?.close()
    spools.delete(name)
  }
  const top = watchDirectory(root, (file) => file !== null && add(file))
  for (const entry of readdirSync(root, { withFileTypes: true })) if (entry.isDirectory()) add(entry.name)
  return {
    close: () => {
      top?.close()
      for (const name of spools.keys()) remove(name)
    },
  }
}

function watchDirectory(path: string, onFile: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(path, { persistent: false }, (_, name) => onFile(name))
    return watcher.on('error', () => watcher.close())
  } catch {
    return null
  }
}
