import { processTable } from '../../src/adapters/process/table.ts'

/** Whether a process runs; one that has ended and was not reaped yet does not. */
export function isRunning(pid: number | null | undefined): boolean {
  const facts = pid ? processTable.facts(pid) : null
  return facts !== null && facts.state !== 'Z'
}
