import { draft } from '../draft.ts'
import { runStatus } from '../agent/status.ts'
import { ended, type RunState } from '../state.ts'
import { refuse, type Verdict } from './verdict.ts'

export interface CleanFacts {
  /** Full names of agents whose worktree holds work that their last snapshot does not. */
  readonly unsaved: readonly string[]
}

/** Decides the removal of the worktrees and panes of ended runs; branches and snapshots remain. */
export function decideClean(runs: readonly RunState[], facts: CleanFacts, force: boolean): Verdict {
  for (const run of runs) {
    const active = run.agents.filter((agent) => !ended(agent)).map((agent) => agent.name)
    if (active.length > 0)
      return refuse('KAGE_RUN_BUSY', `${run.id} is ${runStatus(run.agents)}: ${active.join(', ')}.`)
  }
  if (facts.unsaved.length > 0 && !force) {
    const message = `No snapshot holds the latest work of ${facts.unsaved.join(', ')}.`
    return refuse('KAGE_WORK_UNSAVED', message)
  }
  return { events: runs.map((run) => draft('run.cleaning', run.id, null, { force })) }
}
