import { runStatus } from '../core/agent/status.ts'
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
    const status = runStatus(run.agents)
    if (status !== 'done' && status !== 'failed' && status !== 'stopped') return
    notices.say(`${id} is ${status}: ${changes(run.agents)}; :KageReview ${id} compares`)
    end()
  })
}

const words = { waiting: 'waits for you', failed: 'failed' } as const

function atWork({ id, agents }: RunState): string {
  const working = agents.filter(({ status }) => status === 'working').length
  return `${id}: ${working} of ${agents.length} ${agents.length === 1 ? 'agent' : 'agents'} at work`
}

function changes(agents: readonly AgentState[]): string {
  const files = agents.reduce((sum, { capture }) => sum + (capture?.changed.files ?? 0), 0)
  return `${files} changed ${files === 1 ? 'file' : 'files'} of ${agents.length} ${agents.length === 1 ? 'agent' : 'agents'}`
}
