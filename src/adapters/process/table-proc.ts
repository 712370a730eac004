import { readFileSync, readdirSync } from 'node:fs'
import { procFacts } from './proc-stat.ts'
import type { ProcessTable } from './table.ts'

/** Linux: reads /proc, which never waits for a disk. */
export const procTable: ProcessTable = {
  bootId: () => (read('sys/kernel/random/boot_id') ?? '').trim(),
  pids: () => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : [])),
  facts: (pid) => {
    const stat = read(`${pid}/stat`)
    return stat === null ? null : procFacts(pid, stat)
  },
  words: (pid) => read(`${pid}/cmdline`),
  environment: (pid) => read(`${pid}/environ`),
}

function read(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return null
  }
}
