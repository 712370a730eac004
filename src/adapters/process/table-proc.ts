import { readFileSync, readdirSync } from 'node:fs'
import type { ProcessFacts, ProcessTable } from './table.ts'

/** Linux: reads /proc, which never waits for a disk. */
export const procTable: ProcessTable = {
  bootId: () => (read('sys/kernel/random/boot_id') ?? '').trim(),
  pids: () => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : [])),
  facts: (pid) => factsOf(pid, read(`${pid}/stat`)),
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

/** `12 (a) name) S 1 12 …`: the name may hold anything, so the fields are counted from its last parenthesis. */
function factsOf(pid: number, stat: string | null): ProcessFacts | null {
  if (stat === null) return null
  const [state = '', parent, group, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid, parent: Number(parent), group: Number(group), startTicks: Number(more[16]), state }
}
