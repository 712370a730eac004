import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { House } from './kage.ts'

/** Words of a script that goes on until a file appears. */
export function holdUntil(file: string): string {
  return `while [ ! -e '${file}' ]; do sleep 0.02; done`
}

/** Agents that write down each of their starts outside, and work until they are let go. */
export interface Workers {
  /** Adds one: it writes its name into the file of its name, waits, and ends as its words say. */
  readonly add: (name: string, words?: string) => string
  readonly letGo: () => void
  /** How often each of them began, by name. */
  readonly starts: () => Record<string, number>
}

/** Makes such agents for a house. */
export function makeWorkers(house: House): Workers {
  const released = join(house.directory, 'released')
  const started = join(house.directory, 'started')
  return {
    add: (name, words = '') =>
      house.agent(
        name,
        [
          `echo "$KAGE_AGENT" >> '${started}'`,
          `echo "by ${name}" > ${name}.txt`,
          holdUntil(released),
          words,
        ].join('\n'),
      ),
    letGo: () => writeFileSync(released, ''),
    starts: () => {
      if (!existsSync(started)) appendFileSync(started, '')
      const counts: Record<string, number> = {}
      for (const name of readFileSync(started, 'utf8').split('\n').filter(Boolean))
        counts[name] = (counts[name] ?? 0) + 1
      return counts
    },
  }
}
