import { glyphs } from '../core/agent/glyph.ts'
import { KageError } from '../core/error.ts'
import { agentId } from '../core/id.ts'
import { type AgentState, ended, type RunState, type State } from '../core/state.ts'
import { type Call, wordsOf } from './call.ts'
import type { Context } from './context.ts'
import { placeOf, runsAt } from './place.ts'
import { printable } from './text.ts'

/** What an id names: a whole run, or one agent of it. */
export interface Subject {
  readonly id: string
  readonly run: RunState
  readonly agent: AgentState | null
}

/** Finds `r7`, `r7/coder-1`, or an agent's bare name among some runs, the newest first, active agents before ended ones. */
export function subjectNamed(state: State, runs: readonly RunState[], id: string): Subject {
  const found = findSubject(state, runs, id)
  if (found !== null) return found
  const code = /^r\d+$/.test(id) ? 'KAGE_RUN_UNKNOWN' : 'KAGE_AGENT_UNKNOWN'
  throw new KageError(code, `There is no run or agent "${id}" here.`, ':KageDash shows what there is.')
}

/** The same, or null where there is none; two active agents of one name are KAGE_AGENT_AMBIGUOUS. */
export function findSubject(state: State, runs: readonly RunState[], id: string): Subject | null {
  const [runId = '', ...rest] = id.split('/')
  const run = Object.hasOwn(state.runs, runId) ? state.runs[runId] : undefined
  if (run !== undefined && rest.length === 0) return { id, run, agent: null }
  const member = run?.agents.find(({ name }) => name === rest.join('/'))
  if (run !== undefined && member !== undefined) return { id, run, agent: member }
  const all = agentsOf(runs).filter(({ agent }) => agent.name === id)
  const active = all.filter(({ agent }) => !ended(agent))
  if (active.length < 2) return active[0] ?? all[0] ?? null
  const ids = active.map((each) => each.id).join(', ')
  throw new KageError('KAGE_AGENT_AMBIGUOUS', `"${id}" names several agents: ${ids}.`)
}

/** Every agent of some runs, in their order. */
export function agentsOf(runs: readonly RunState[]): (Subject & { readonly agent: AgentState })[] {
  return runs.flatMap((run) => run.agents.map((agent) => ({ id: agentId(run.id, agent.name), run, agent })))
}

/** The state and the runs of the repository of a call, with the run that it names where that is archived. */
export async function runsOfCall(
  context: Context,
  call: Call,
): Promise<{ readonly state: State; readonly runs: readonly RunState[] }> {
  const [, place] = await Promise.all([context.session.ready(), placeOf(call.directory)])
  const named = /^r\d+(?=$|\/)/.exec(wordsOf(call)[0] ?? call.agent ?? '')?.[0]
  if (named !== undefined) await context.session.bring(named)
  const { state } = context.session
  return { state, runs: runsAt(state, place) }
}

/** Lets the person choose among subjects; the only one needs no question. */
export async function choose<S extends Subject>(
  context: Context,
  prompt: string,
  subjects: readonly S[],
): Promise<S | null> {
  const [only, another] = subjects
  if (only === undefined || another === undefined) return only ?? null
  return context.questions.select(
    prompt,
    subjects.map((subject) => ({ label: labelOf(subject), value: subject })),
  )
}

function labelOf({ id, run, agent }: Subject): string {
  if (agent === null) return `${id}  all ${run.agents.length} agents: ${printable(run.task).slice(0, 50)}`
  return `${glyphs[agent.status]} ${id}  ${agent.status}: ${printable(agent.reason).slice(0, 50)}`
}
