import { signalAgent } from '../adapters/process/signal.ts'
import { removeLaunch } from '../adapters/process/spool-removal.ts'
import { agentsOf } from '../core/agent/kind.ts'
import { agentId } from '../core/id.ts'
import { ended } from '../core/state.ts'
import type { Hands } from './hands.ts'

/** Takes back the agents that went on without a daemon: their sockets, their spools, and who of them is to halt or to go on. */
export async function resume(hands: Hands): Promise<void> {
  for (const run of Object.values(hands.kernel.state.runs)) {
    for (const agent of agentsOf(run)) {
      if (ended(agent)) void removeLaunch(hands.spools.of(run.id, agent)).catch(() => {})
      if (ended(agent) || agent.status === 'queued') continue
      await hands.agentSockets.open(run.id, agent)
      const mark = { agent: agentId(run.id, agent.name), spool: hands.spools.of(run.id, agent) }
      if (agent.process !== null)
        signalAgent(agent.process, mark, agent.status === 'paused' ? 'SIGSTOP' : 'SIGCONT')
    }
  }
}
