import type { KageEvent } from '../../src/core/event.ts'
import type { AgentView, RunView } from '../../src/core/protocol/view.ts'
import type { House } from './kage.ts'
import { until } from './until.ts'

/** Starts a run and answers with it. */
export async function spawnRun(house: House, repository: string, ...words: string[]): Promise<RunView> {
  return (await house.done<{ run: RunView }>(repository, ['spawn', ...words, 'a task'])).run
}

/** A run as it is now. */
export async function runNow(house: House, repository: string, id = 'r1'): Promise<RunView> {
  return (await house.done<{ run: RunView }>(repository, ['show', id])).run
}

/** One agent as it is now. */
export async function agentNow(house: House, repository: string, id: string): Promise<AgentView> {
  return (await house.done<{ agent: AgentView }>(repository, ['show', id])).agent
}

/** The statuses of a run's agents, in their order. */
export function statuses(run: RunView): string[] {
  return run.agents.map((agent) => agent.status)
}

/** Waits until each agent of a run, which may only be about to begin, is in that status. */
export function untilAll(house: House, repository: string, status: string, id = 'r1'): Promise<RunView> {
  return until(async () => {
    const { json } = await house.kage<{ run?: RunView } | null>(repository, ['show', id])
    const run = json?.run
    return run?.agents.every((agent) => agent.status === status) === true ? run : null
  })
}

/** Every event so far. */
export async function eventsOf(house: House, repository: string, ...words: string[]): Promise<KageEvent[]> {
  const { stdout } = await house.kage(repository, ['log', ...words])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as KageEvent)
}
