import { execFileSync } from 'node:child_process'
import type { ProcessFacts, ProcessTable } from './table.ts'

/** Systems without /proc: asks `ps`, whose start times count in seconds. */
export const psTable: ProcessTable = {
  bootId: () => ask('sysctl', ['-n', 'kern.bootsessionuuid']).trim(),
  pids: () =>
    ask('ps', ['-A', '-o', 'pid='])
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0),
  facts: (pid) => factsOf(pid, ask('ps', ['-o', 'ppid=,pgid=,stat=,lstart=', '-p', String(pid)])),
  words: (pid) => wordsOf(ask('ps', ['-ww', '-o', 'command=', '-p', String(pid)])),
  environment: (pid) => wordsOf(ask('ps', ['eww', '-o', 'command=', '-p', String(pid)])),
}

function ask(program: string, args: readonly string[]): string {
  try {
    const env = { PATH: process.env['PATH'] ?? '/bin:/usr/bin', LC_ALL: 'C' }
    return execFileSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}

function factsOf(pid: number, line: string): ProcessFacts | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S.*\S)\s*$/.exec(line)
  if (!match) return null
  const [, parent, group, state = '', start = ''] = match
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    state: state.slice(0, 1),
    startTicks: Date.parse(start) / 1000,
  }
}

/** `ps` parts words by blanks only: a value with a blank is cut there. */
function wordsOf(line: string): string | null {
  return line === '' ? null : `${line.trim().split(/\s+/).join('\0')}\0`
}
