import { KageError } from '../core/error.ts'
import { agentId } from '../core/id.ts'
import { archivedOf, archivedRuns } from '../core/archive/archive.ts'
import type { ArchivedRun } from '../core/archive/row.ts'
import { type AgentState, ended, type RunState, type State } from '../core/state.ts'
import type { Kernel } from './kernel.ts'

/** The state, also with an archived run whole in it. */
type Runs = Pick<Kernel, 'state' | 'stateWith'>

/** What an id names: a whole run, or one agent of it. */
export interface Subject {
  readonly run: RunState
  readonly agent: AgentState | null
}

/**
 * Finds what an id names: `r7`, `r7/coder-1`, or a bare agent's name where it is unambiguous in the repository, active
 * agents before ended ones.
 */
export function findSubject(runs: Runs, repositoryKey: string | null, id: string): Subject {
  const run = runOf(runs, id)
  if (run !== undefined) return { run, agent: null }
  const slash = id.indexOf('/')
  const owner = slash === -1 ? undefined : runOf(runs, id.slice(0, slash))
  const member = owner?.agents.find((agent) => agent.name === id.slice(slash + 1))
  if (owner !== undefined && member !== undefined) return { run: owner, agent: member }
  return findByName(runs, repositoryKey, id)
}

/** The agent that an id names; a run of a single agent names that one. */
export function findAgent(
  runs: Runs,
  repositoryKey: string | null,
  id: string,
): Subject & { readonly agent: AgentState } {
  const { run, agent } = findSubject(runs, repositoryKey, id)
  const only = run.agents.length === 1 ? run.agents[0] : undefined
  const found = agent ?? only
  if (found !== undefined) return { run, agent: found }
  const names = run.agents.map((each) => agentId(run.id, each.name)).join(', ')
  throw new KageError('KAGE_AGENT_AMBIGUOUS', `${id} is a run; name one of its agents: ${names}.`)
}

function runOf(runs: Runs, id: string): RunState | undefined {
  if (!/^r\d+$/.test(id)) return undefined
  const state = runs.stateWith(id)
  return Object.hasOwn(state.runs, id) ? state.runs[id] : undefined
}

function findByName(runs: Runs, repositoryKey: string | null, name: string): Subject {
  const { state } = runs
  const all = Object.values(state.runs)
    .filter((run) => repositoryKey === null || run.repository.key === repositoryKey)
    .flatMap((run) => run.agents.filter((agent) => agent.name === name).map((agent) => ({ run, agent })))
  const active = all.filter(({ agent }) => !ended(agent))
  if (active.length === 1 && active[0] !== undefined) return active[0]
  const found = active.length > 0 ? active : [...archivedNamed(state, repositoryKey, name), ...all]
  const ids = found.map(({ run, agent }) => agentId(run.id, agent.name))
  const [only, another] = ids
  if (only === undefined) throw unknown(name)
  if (another === undefined) return findSubject(runs, null, only)
  throw new KageError('KAGE_AGENT_AMBIGUOUS', `"${name}" names several agents: ${namesOf(ids)}.`)
}

const idsNamed = 20

function namesOf(ids: readonly string[]): string {
  const more = ids.length - idsNamed
  return [...ids.slice(-idsNamed), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

function archivedNamed(
  { archive }: State,
  key: string | null,
  name: string,
): { run: ArchivedRun; agent: ArchivedRun['agents'][number] }[] {
  const rows = key === null ? archivedRuns(archive) : archivedOf(archive, key)
  return rows.flatMap((run) =>
    run.agents.filter((agent) => agent.name === name).map((agent) => ({ run, agent })),
  )
}

function unknown(id: string): KageError {
  if (/^r\d+$/.test(id)) return new KageError('KAGE_RUN_UNKNOWN', `There is no run ${id}.`)
  return new KageError('KAGE_AGENT_UNKNOWN', `There is no run or agent "${id}" here.`)
}
