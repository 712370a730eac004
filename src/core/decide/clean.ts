import { draft } from '../draft.ts'
import { type OutsideWork, outsideWords } from '../agent/outside.ts'
import { runStatus } from '../agent/status.ts'
import { type AgentState, ended, type RunState } from '../state.ts'
import { refuse, type Verdict } from './verdict.ts'

export interface CleanFacts {
  /** Full names of agents whose worktree holds work that their last snapshot does not. */
  readonly unsaved: readonly string[]
  /** Work that no snapshot can hold, by full name of its agent. */
  readonly outside: readonly OutsideWork[]
  /** Refs of agents' own git directories that name work stored nowhere else, like `refs/heads/x of r1/ada`. */
  readonly refs: readonly string[]
}

/** Decides the removal of the worktrees and panes of ended runs; branches and snapshots remain. */
export function decideClean(runs: readonly RunState[], facts: CleanFacts, force: boolean): Verdict {
  for (const run of runs) {
    const active = run.agents.filter((agent) => !ended(agent)).map((agent) => agent.name)
    if (active.length > 0)
      return refuse('KAGE_RUN_BUSY', `${run.id} is ${runStatus(run.agents)}: ${active.join(', ')}.`)
  }
  const outside = facts.outside.flatMap(outsideWords)
  if (!force && (facts.unsaved.length > 0 || outside.length > 0 || facts.refs.length > 0)) {
    const unsaved =
      facts.unsaved.length === 0 ? [] : [`No snapshot holds the latest work of ${facts.unsaved.join(', ')}.`]
    const message = [
      ...unsaved,
      ...(outside.length === 0 ? [] : [`No snapshot can hold ${outside.join('; ')}.`]),
      ...(facts.refs.length === 0 ? [] : [`Only agents’ own git directories hold ${refsShown(facts.refs)}.`]),
    ]
    return refuse('KAGE_WORK_UNSAVED', message.join(' '))
  }
  return { events: runs.map((run) => draft('run.cleaning', run.id, null, { force })) }
}

const refsNamed = 10

function refsShown(refs: readonly string[]): string {
  const more = refs.length - refsNamed
  return [...refs.slice(0, refsNamed), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

/** Whether all agents of a run ended at least that many days ago. */
export function endedBefore(
  { agents }: { readonly agents: readonly Pick<AgentState, 'status' | 'since'>[] },
  days: number,
  nowMs: number,
): boolean {
  const latestMs = nowMs - days * 86_400_000
  return agents.every((agent) => ended(agent) && Date.parse(agent.since) <= latestMs)
}
