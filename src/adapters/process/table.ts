import { existsSync } from 'node:fs'
import { procTable } from './table-proc.ts'
import { psTable } from './table-ps.ts'

/** One process as the system shows it now. */
export interface ProcessFacts {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly startTicks: number
  /** The state's letter: `T` is stopped, `Z` ended and not yet reaped. */
  readonly state: string
}

/** The processes of this machine; what has gone, or is another user's, is null. */
export interface ProcessTable {
  readonly bootId: () => string
  readonly pids: () => readonly number[]
  readonly facts: (pid: number) => ProcessFacts | null
  /** The program's words, each ended by NUL. */
  readonly words: (pid: number) => string | null
  /** The environment that the program began with, each entry ended by NUL. */
  readonly environment: (pid: number) => string | null
}

/** The table of the running system: /proc, and `ps` where there is none (macOS; only tried on Linux). */
export const processTable: ProcessTable = existsSync('/proc/self/stat') ? procTable : psTable
