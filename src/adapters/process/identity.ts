import type { ProcessIdentity } from '../../core/event.ts'
import { type Spool, taskFile } from './spool.ts'
import { processTable } from './table.ts'
import type { ProcessFacts, ProcessTable } from './table.ts'

/** What an agent's processes carry in their environment: its full name, and the spool of this attempt. */
export interface AgentMark {
  readonly agent: string
  readonly spool: Spool
}

/**
 * `gone`: it has ended and its launcher has, too; `other`: its number is another process's now; `unknown`: only a part
 * of its identity is there, so nothing may be done to it.
 */
export type Likeness = 'alive' | 'gone' | 'other' | 'unknown'

/** Tells whether the process is still that agent's; while its launcher is about to report the end it counts as alive. */
export function sameProcess(
  identity: ProcessIdentity,
  mark: AgentMark,
  table: ProcessTable = processTable,
): Likeness {
  if (identity.bootId !== table.bootId()) return 'gone'
  const facts = table.facts(identity.pid)
  if (facts !== null && facts.startTicks === identity.startTicks && facts.state !== 'Z') {
    return isOwn(facts, identity, mark, table) ? 'alive' : 'unknown'
  }
  if (launcherOf(identity, mark, table) !== null) return 'alive'
  return facts === null || facts.state === 'Z' ? 'gone' : 'other'
}

/** The launcher that waits for the program, if it still runs: it must be older than the program and name the spool. */
export function launcherOf(
  identity: ProcessIdentity,
  mark: AgentMark,
  table: ProcessTable = processTable,
): ProcessFacts | null {
  const facts = table.facts(identity.launcherPid)
  if (facts === null || facts.state === 'Z' || facts.startTicks > identity.startTicks) return null
  return table.words(facts.pid)?.includes(`\0${mark.spool.launch}\0bare\0`) ? facts : null
}

/** Tells whether a process carries the mark: the agent's own program, or anything that it started. */
export function isMarked(pid: number, mark: AgentMark, table: ProcessTable = processTable): boolean {
  const environment = `\0${table.environment(pid) ?? ''}`
  return ['KAGE_AGENT=' + mark.agent, 'KAGE_TASK_FILE=' + taskFile(mark.spool)].every((entry) =>
    environment.includes(`\0${entry}\0`),
  )
}

/** A program may write over its environment: then its launcher, as its parent, vouches for it. */
function isOwn(
  facts: ProcessFacts,
  identity: ProcessIdentity,
  mark: AgentMark,
  table: ProcessTable,
): boolean {
  if (isMarked(facts.pid, mark, table)) return true
  return facts.parent === identity.launcherPid && launcherOf(identity, mark, table) !== null
}
