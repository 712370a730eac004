import { mkdirSync, readdirSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { join } from 'node:path'

/** A watch over the directories below some roots; the kernel tells, nothing is polled. */
export interface SpoolWatch {
  close: () => void
}

/** What is written while an agent lives: by its launcher at its start and end, by itself its outbox. */
type SpoolFile = 'started' | 'exit' | 'outbox'

/**
 * Calls back with the name of each directory below the roots and the file that was written there, and once without a
 * file when the directory appears, since its launcher may have been faster. A directory that cannot be watched is left to
 * the caller's regular look.
 */
export function watchSpools(
  roots: readonly string[],
  onReport: (name: string, file: SpoolFile | null) => void,
): SpoolWatch {
  const watches = roots.map((root) => watchRoot(root, onReport))
  return { close: () => watches.forEach((watch) => watch.close()) }
}

function watchRoot(root: string, onReport: (name: string, file: SpoolFile | null) => void): SpoolWatch {
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const spools = new Map<string, FSWatcher>()
  const add = (name: string): void => {
    if (spools.has(name)) return
    const watcher = watchDirectory(join(root, name), (file) => {
      if (file === 'started' || file === 'exit' || file === 'outbox') onReport(name, file)
      if (file === name) remove(name)
    })
    if (watcher === null) return
    spools.set(name, watcher)
    onReport(name, null)
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
