import type { ProcessIdentity } from '../../core/event.ts'
import { sameProcess } from './identity.ts'
import type { AgentMark } from './identity.ts'
import { groupsOf } from './members.ts'
import { send, sendEach } from './send.ts'

/** `refused`: only a part of its identity is there, so nothing was done. */
export type SignalOutcome = 'sent' | 'gone' | 'refused'

/**
 * Signals an agent's program and what belongs to it, after proving its identity. STOP goes to each process but the
 * launchers: tmux would let the whole group go on as soon as a pane's own process stops.
 */
export function signalAgent(
  identity: ProcessIdentity,
  mark: AgentMark,
  signal: 'SIGINT' | 'SIGSTOP' | 'SIGCONT',
): SignalOutcome {
  const likeness = sameProcess(identity, mark)
  if (likeness !== 'alive') return likeness === 'unknown' ? 'refused' : 'gone'
  if (signal === 'SIGINT') for (const group of groupsOf(identity, mark)) send(-group, signal)
  else sendEach(identity, mark, signal, ({ state }) => /[Tt]/.test(state) === (signal === 'SIGCONT'))
  return 'sent'
}
