import type { ProcessFacts } from './table.ts'

/** Reads a line of /proc/PID/stat, like `12 (a) name) S 1 12 …`: the name may hold anything, so the fields are counted from its last parenthesis. */
export function procFacts(pid: number, stat: string): ProcessFacts {
  const [state = '', parent, group, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid, parent: Number(parent), group: Number(group), startTicks: Number(more[16]), state }
}
