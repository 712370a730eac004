import type { ProcessIdentity } from '../../core/event.ts'
import { isMarked, launcherOf, sameProcess } from './identity.ts'
import type { AgentMark } from './identity.ts'
import { processTable } from './table.ts'
import type { ProcessFacts } from './table.ts'

/** The process groups that hold an agent's program, once its identity has been proved; never our own. */
export function groupsOf(identity: ProcessIdentity, mark: AgentMark): number[] {
  if (sameProcess(identity, mark) !== 'alive') return []
  const launcher = launcherOf(identity, mark)
  const program = processTable.facts(identity.pid)
  const own = processTable.facts(process.pid)?.group
  const groups = [launcher?.group, program?.startTicks === identity.startTicks ? program.group : undefined]
  return [...new Set(groups)].filter(
    (group): group is number => group !== undefined && group > 1 && group !== own,
  )
}

/**
 * Every living process of an agent but its launchers: those of its groups, and those that left them and still carry
 * its mark. A daemon that an agent happened to start carries the mark, too, and is spared, as its parents are.
 */
export function membersOf(identity: ProcessIdentity, mark: AgentMark): ProcessFacts[] {
  const groups = new Set(groupsOf(identity, mark))
  const launcher = launcherOf(identity, mark)
  const spared = new Set([...ownLine(), ...(launcher === null ? [] : [launcher.pid, launcher.group])])
  return processTable.pids().flatMap((pid) => {
    const facts = spared.has(pid) ? null : processTable.facts(pid)
    if (facts === null || facts.state === 'Z' || isReporting(facts, identity, launcher)) return []
    return groups.has(facts.group) || isMarked(pid, mark) ? [facts] : []
  })
}

/** What a launcher runs beside the program writes its report. */
function isReporting(facts: ProcessFacts, identity: ProcessIdentity, launcher: ProcessFacts | null): boolean {
  return launcher !== null && facts.parent === launcher.pid && facts.pid !== identity.pid
}

/** The numbers of this process and its parents up to the first. */
export function ownLine(): number[] {
  const line: number[] = []
  for (let pid = process.pid; pid > 1 && !line.includes(pid); pid = processTable.facts(pid)?.parent ?? 0)
    line.push(pid)
  return line
}
