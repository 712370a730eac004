import type { ProcessIdentity } from '../../core/event.ts'
import type { AgentMark } from './identity.ts'
import { membersOf } from './members.ts'
import { processTable } from './table.ts'
import type { ProcessFacts } from './table.ts'

/** Sends a signal to a process, or a group by its negative number; false when nobody is there to get it. */
export function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal)
  } catch {
    return false
  }
}

/** Signals an agent's processes but its launchers, until no new one is found, since they may start others meanwhile; answers how many. */
export function sendEach(
  identity: ProcessIdentity,
  mark: AgentMark,
  signal: NodeJS.Signals,
  wanted: (member: ProcessFacts) => boolean = () => true,
): number {
  const done = new Set<number>()
  for (let look = 0; look < looksMax; look++) {
    const found = membersOf(identity, mark).filter((member) => !done.has(member.pid) && wanted(member))
    if (found.length === 0) break
    for (const { pid, startTicks } of found) {
      done.add(pid)
      if (processTable.facts(pid)?.startTicks === startTicks) send(pid, signal)
    }
  }
  return done.size
}

const looksMax = 20
