import { isCounted, runStatus, settled } from '../core/agent/status.ts'
import { endTally } from '../core/agent/tally.ts'
import { agentId } from '../core/id.ts'
import type { AgentState, RunState } from '../core/state.ts'
import type { Context } from './context.ts'
import { printable } from './text.ts'

/** Tells the person how a run goes on that they began here: when all work, who waits for them or failed, and the end. */
export function watchRun({ session, notices }: Context, id: string): void {
  let all = false
  const told = new Set<string>()
  const end = session.listen(({ state }) => {
    const run = state.runs[id]
    if (run === undefined) return
    for (const agent of run.agents) {
      const key = `${agent.name} ${agent.status} ${agent.since}`
      if ((agent.status !== 'waiting' && agent.status !== 'failed') || told.has(key)) continue
      told.add(key)
      notices.warn(`${agentId(id, agent.name)} ${words[agent.status]}: ${printable(agent.reason)}`)
    }
    if (!all && run.agents.every(({ status }) => status !== 'queued' && status !== 'starting')) {
      all = true
      notices.say(atWork(run))
    }
    if (!settled(run)) return
    notices.say(endOf(run))
    end()
  })
}

const words = { waiting: 'waits for you', failed: 'failed' } as const

function atWork({ id, agents }: RunState): string {
  const working = agents.filter(({ status }) => status === 'working').length
  return `${id}: ${working} of ${agents.length} ${agents.length === 1 ? 'agent' : 'agents'} at work`
}

/** How a run ended and how many files each agent changed: `r1 is done, :KageReview r1 compares: ada 1 file, bo 2`. */
function endOf({ id, agents }: Pick<RunState, 'id' | 'agents'>): string {
  const counts = agents.map((agent, index) => `${agent.name} ${changed(agent, index === 0)}`)
  const tally = endTally(agents)
  const end = `${id} is ${runStatus(agents)}${tally === null ? '' : ` (${tally})`}`
  return `${end}, :KageReview ${id} compares: ${counts.join(', ')}`
}

function changed(agent: AgentState, named: boolean): string {
  const { capture } = agent
  if (capture === null || !isCounted(agent)) return '?'
  const { files } = capture.changed
  return named ? `${files} ${files === 1 ? 'file' : 'files'}` : String(files)
}
