import { glyphs } from '../core/agent/glyph.ts'
import { endGlyphs } from '../core/agent/tally.ts'
import { showStatus } from '../adapters/tmux/status.ts'
import { agentId } from '../core/id.ts'
import { type AgentState, ended, type State } from '../core/state.ts'
import type { TmuxServers } from './servers.ts'

/** Makes the writer of what tmux shows and its keys need: the ring of panes, the summary, each pane's status; changes only. */
export function createPublisher(servers: TmuxServers): (state: State) => Promise<void> {
  const shown = new Map<string, string>()
  return async (state) => {
    await servers.forEach(async (socket, { control, ring, summary }) => {
      const agents = agentsOn(state, socket)
      const panes = agents.flatMap(({ agent }) => (agent.pane === null ? [] : [agent.pane.id]))
      const waiting = agents.flatMap(({ agent }) =>
        agent.pane !== null && needsPerson(agent) ? [agent.pane.id] : [],
      )
      summary.push(summaryOf(agents.map(({ agent }) => agent)))
      await ring.update({ panes, waiting })
      for (const { id, agent } of agents) {
        const key = `${id} ${agent.pane?.server.pid} ${agent.pane?.id}`
        if (agent.pane === null || shown.get(key) === agent.status) continue
        shown.set(key, agent.status)
        await showStatus(control, agent.pane.id, agent.status)
      }
    })
  }
}

function agentsOn(state: State, socket: string): { id: string; agent: AgentState }[] {
  return Object.values(state.runs).flatMap((run) =>
    run.agents
      .filter((agent) => agent.pane?.server.socket === socket)
      .map((agent) => ({ id: agentId(run.id, agent.name), agent })),
  )
}

function needsPerson(agent: AgentState): boolean {
  return agent.status === 'waiting' || agent.status === 'paused' || agent.status === 'unknown'
}

/** One glyph for each agent that is at work or needs the person; then how many are done, failed and stopped. */
function summaryOf(agents: readonly AgentState[]): string {
  const active = agents.filter((agent) => !ended(agent)).map((agent) => glyphs[agent.status])
  return [active.join(''), endGlyphs(agents)].filter(Boolean).join(' ')
}
