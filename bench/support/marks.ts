import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A directory in which programs leave a file when they run; the kernel dates the files, no further process is needed. */
export interface Marks {
  /** A line of shell that leaves the mark. */
  readonly line: string
  clear: () => void
  /** Waits for that many marks and tells when the last was left, in milliseconds since the epoch. */
  lastOf: (count: number) => Promise<number>
}

/** Makes a place for marks below a directory. */
export function makeMarks(directory: string): Marks {
  const place = join(directory, 'marks')
  mkdirSync(place, { recursive: true })
  return {
    line: `: >'${place}'/$$`,
    clear: () => {
      for (const name of readdirSync(place)) rmSync(join(place, name))
    },
    lastOf: async (count) => {
      const deadline = Date.now() + 60_000
      while (readdirSync(place).length < count) {
        if (Date.now() > deadline)
          throw new Error(`only ${readdirSync(place).length} of ${count} programs ran`)
        await pause(5)
      }
      return Math.max(...readdirSync(place).map((name) => statSync(join(place, name)).mtimeMs))
    },
  }
}
