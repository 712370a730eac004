import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { ProcessStatement } from '../../../core/protocol/params.ts'
import { procFacts } from '../proc-stat.ts'
import type { ProcessTable } from '../table.ts'

/** What this process says of itself to the daemon; it costs one read of /proc, and no start time is stated where there is none. */
export function ownStatement(): ProcessStatement {
  return { pid: process.pid, startTicks: ownStart(), program: process.argv[1] ?? process.execPath }
}

/** Tells whether a process like that runs: with that number, begun at that time, and with that program among its words. */
export function isTrue({ pid, startTicks, program }: ProcessStatement, table: ProcessTable): boolean {
  if (hasEnded({ pid, startTicks, program }, table)) return false
  const words = table.words(pid)?.split('\0') ?? []
  return words.some((word) => basename(word) === basename(program))
}

/** Tells whether no process with that number and begin runs any more. */
export function hasEnded({ pid, startTicks }: ProcessStatement, table: ProcessTable): boolean {
  const facts = table.facts(pid)
  if (facts === null || facts.state === 'Z') return true
  return startTicks !== null && startTicks !== facts.startTicks
}

function ownStart(): number | null {
  try {
    return procFacts(process.pid, readFileSync('/proc/self/stat', 'utf8')).startTicks
  } catch {
    return null
  }
}
