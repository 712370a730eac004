import { leftoversOf } from '../adapters/process/leftovers.ts'
import { agentsOf } from '../core/agent/kind.ts'
import { agentId } from '../core/id.ts'
import type { AgentView, RunView } from '../core/protocol/view.ts'
import type { KnownRun } from '../core/archive/row.ts'
import { ended } from '../core/state.ts'
import type { Spools } from './spool-place.ts'

type Leftovers = ReadonlyMap<string, NonNullable<AgentView['leftovers']>>

/** The processes that ended agents of these runs left running, by the agent's full name, unless nothing of it is left. */
export function findLeftovers({ spools }: { readonly spools: Spools }, runs: readonly KnownRun[]): Leftovers {
  const over = runs.flatMap((run) =>
    agentsOf(run)
      .filter((agent) => ended(agent) && agent.worktreeState !== 'removed')
      .map((agent) => ({ id: agentId(run.id, agent.name), marks: spools.marks(run.id, agent) })),
  )
  const found = leftoversOf(over.flatMap(({ marks }) => marks))
  const named = over.map(({ id, marks }): [string, NonNullable<AgentView['leftovers']>] => [
    id,
    marks.flatMap((mark) => found.get(mark) ?? []).map(({ pid, command }) => ({ pid, command })),
  ])
  return new Map(named.filter(([, left]) => left.length > 0))
}

/** The view of a run, with the processes that its agents left running. */
export function withLeftovers(run: RunView, leftovers: Leftovers): RunView {
  return { ...run, agents: run.agents.map((agent) => withItsLeftovers(agent, leftovers)) }
}

/** The view of an agent, with the processes that it left running. */
export function withItsLeftovers(agent: AgentView, leftovers: Leftovers): AgentView {
  const left = leftovers.get(agent.id)
  return left === undefined ? agent : { ...agent, leftovers: left }
}
