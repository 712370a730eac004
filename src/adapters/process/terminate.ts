import type { ProcessIdentity } from '../../core/event.ts'
import { gone } from './gone.ts'
import { sameProcess } from './identity.ts'
import type { AgentMark } from './identity.ts'
import { groupsOf, membersOf } from './members.ts'
import { send, sendEach } from './send.ts'

/** `ended`: nothing of it is left; `refused`: its identity is in doubt, nothing was done; `survived`: even KILL did not end all of it. */
export interface Termination {
  readonly kind: 'ended' | 'refused' | 'survived'
  /** How many processes had to be killed. */
  readonly killed: number
}

/**
 * Ends an agent and all that it started: TERM, after the grace KILL. The launchers are never killed, so that they
 * still report the end. Of one that had ended before, what it left behind is ended.
 */
export async function terminate(
  identity: ProcessIdentity,
  mark: AgentMark,
  { graceMs }: { readonly graceMs: number },
): Promise<Termination> {
  if (sameProcess(identity, mark) === 'unknown') return { kind: 'refused', killed: 0 }
  askToEnd(identity, mark)
  if (await gone(identity, mark, graceMs)) return { kind: 'ended', killed: 0 }
  const killed = sendEach(identity, mark, 'SIGKILL')
  return { kind: (await gone(identity, mark, killMs)) ? 'ended' : 'survived', killed }
}

/** A stopped process takes TERM only when it goes on. */
function askToEnd(identity: ProcessIdentity, mark: AgentMark): void {
  const groups = groupsOf(identity, mark)
  const strays = membersOf(identity, mark).filter(({ group }) => !groups.includes(group))
  const targets = [...groups.map((group) => -group), ...strays.map(({ pid }) => pid)]
  for (const target of targets) if (send(target, 'SIGTERM')) send(target, 'SIGCONT')
}

const killMs = 2_000
