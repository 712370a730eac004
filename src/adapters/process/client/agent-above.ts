import { dirname } from 'node:path'
import type { ProcessTable } from '../table.ts'

/** A process of an agent that runs: its program or its launcher. */
export interface AgentProcess {
  readonly agent: string
  readonly pid: number
  /** Null where it is not known. */
  readonly startTicks: number | null
}

/** The agents of one daemon: their processes, and the directory in which all of them find their tasks. */
export interface AgentsKnown {
  readonly processes: readonly AgentProcess[]
  readonly taskRoots: readonly string[]
}

/**
 * The agent that a process belongs to, or null for one of the person's: the process carries KAGE_AGENT in its environment,
 * or a process above it is an agent's, by its number or by the task file in its environment.
 */
export function agentAbove(pid: number, known: AgentsKnown, table: ProcessTable): string | null {
  const own = variableOf(table.environment(pid), 'KAGE_AGENT')
  if (own !== null) return own
  let at = pid
  for (let depth = 0; at > 1 && depth < depthMax; depth++) {
    const facts = table.facts(at)
    if (facts === null) return null
    const process = known.processes.find(
      (each) => each.pid === at && (each.startTicks === null || each.startTicks === facts.startTicks),
    )
    if (process !== undefined) return process.agent
    const marked = markOf(table.environment(at), known.taskRoots)
    if (marked !== null) return marked
    at = facts.parent
  }
  return null
}

/** A mark of another installation, like that of Kage's own tests, says nothing. */
function markOf(environment: string | null, taskRoots: readonly string[]): string | null {
  const task = variableOf(environment, 'KAGE_TASK_FILE')
  if (task === null || !taskRoots.includes(dirname(dirname(task)))) return null
  return variableOf(environment, 'KAGE_AGENT')
}

function variableOf(environment: string | null, name: string): string | null {
  const entry = `\0${environment ?? ''}`.split(`\0${name}=`)[1]
  return entry?.split('\0')[0] ?? null
}

const depthMax = 256
