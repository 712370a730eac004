import { KageError } from '../core/error.ts'
import { agentId } from '../core/id.ts'
import { type AgentState, ended, type RunState, type State } from '../core/state.ts'

/** What an id names: a whole run, or one agent of it. */
export interface Subject {
  readonly run: RunState
  readonly agent: AgentState | null
}

/**
 * Finds what an id names: `r7`, `r7/coder-1`, or a bare agent's name where it is unambiguous in the repository, active
 * agents before ended ones.
 */
export function findSubject(state: State, repositoryKey: string | null, id: string): Subject {
  const run = runOf(state, id)
  if (run !== undefined) return { run, agent: null }
  const slash = id.indexOf('/')
  const owner = slash === -1 ? undefined : runOf(state, id.slice(0, slash))
  const member = owner?.agents.find((agent) => agent.name === id.slice(slash + 1))
  if (owner !== undefined && member !== undefined) return { run: owner, agent: member }
  return findByName(state, repositoryKey, id)
}

/** The agent that an id names; a run of a single agent names that one. */
export function findAgent(
  state: State,
  repositoryKey: string | null,
  id: string,
): Subject & { readonly agent: AgentState } {
  const { run, agent } = findSubject(state, repositoryKey, id)
  const only = run.agents.length === 1 ? run.agents[0] : undefined
  const found = agent ?? only
  if (found !== undefined) return { run, agent: found }
  const names = run.agents.map((each) => agentId(run.id, each.name)).join(', ')
  throw new KageError('KAGE_AGENT_AMBIGUOUS', `${id} is a run; name one of its agents: ${names}.`)
}

function runOf(state: State, id: string): RunState | undefined {
  return Object.hasOwn(state.runs, id) ? state.runs[id] : undefined
}

function findByName(state: State, repositoryKey: string | null, name: string): Subject {
  const all = Object.values(state.runs)
    .filter((run) => repositoryKey === null || run.repository.key === repositoryKey)
    .flatMap((run) => run.agents.filter((agent) => agent.name === name).map((agent) => ({ run, agent })))
  const active = all.filter(({ agent }) => !ended(agent))
  const found = active.length > 0 ? active : all
  const [only, another] = found
  if (only === undefined) throw unknown(name)
  if (another === undefined) return only
  const ids = found.map(({ run, agent }) => agentId(run.id, agent.name)).join(', ')
  throw new KageError('KAGE_AGENT_AMBIGUOUS', `"${name}" names several agents: ${ids}.`)
}

function unknown(id: string): KageError {
  if (/^r\d+$/.test(id)) return new KageError('KAGE_RUN_UNKNOWN', `There is no run ${id}.`)
  return new KageError('KAGE_AGENT_UNKNOWN', `There is no run or agent "${id}" here.`)
}
