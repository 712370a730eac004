import { ownLine } from './members.ts'
import { processTable } from './table.ts'

/** A living process of an agent, as its environment names it. */
export interface MarkedProcess {
  readonly pid: number
  readonly startTicks: number
  readonly agent: string
  readonly command: string
}

/** The processes that carry the mark of any agent whose task lies below a directory; one pass over the process table. */
export function markedBelow(taskRoot: string): MarkedProcess[] {
  const spared = new Set(ownLine())
  return processTable.pids().flatMap((pid) => {
    const environment = spared.has(pid) ? null : processTable.environment(pid)
    if (environment === null || !environment.includes('KAGE_AGENT=')) return []
    const variables = environment.split('\0')
    const valueOf = (name: string): string =>
      variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
    const facts = processTable.facts(pid)
    if (!valueOf('KAGE_TASK_FILE').startsWith(`${taskRoot}/`) || facts === null || facts.state === 'Z')
      return []
    const command = (processTable.words(pid) ?? '').replaceAll('\0', ' ').trim().slice(0, 200)
    return [{ pid, startTicks: facts.startTicks, agent: valueOf('KAGE_AGENT'), command }]
  })
}
