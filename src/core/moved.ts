import { withMovedRows } from './archive/archive.ts'
import { withMove } from './archive/repository.ts'
import type { EventData } from './event.ts'
import { movedLanding, movedPath, movedRecord } from './moved-path.ts'
import type { LandingState, RunState, State } from './state.ts'

type Move = EventData['repository.moved']

/** The state after a repository was found at another place: its runs, and what is decided and landed there, go along. */
export function withMoved(state: State, move: Move): State {
  const { repository: key } = move
  const runs = Object.entries(state.runs).map(([id, run]): [string, RunState] => [
    id,
    run.repository.key === key ? movedRun(run, move) : run,
  ])
  const landings = Object.entries(state.landings).map(([id, landing]): [string, LandingState] => [
    id,
    landing.repository === key ? movedLanding(landing, move) : landing,
  ])
  return {
    ...state,
    runs: Object.fromEntries(runs),
    landings: Object.fromEntries(landings),
    archive: withMovedRows(state.archive, key, move),
    repositories: withMove(state.repositories, key, { seq: state.seq, from: move.from, to: move.to }),
  }
}

/** A run after the repository was moved. */
export function movedRun(run: RunState, move: Pick<Move, 'from' | 'to'>): RunState {
  const byTarget = <T>(table: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(table).map(([target, value]) => [movedPath(target, move), value]))
  return {
    ...run,
    repository: movedRecord(run.repository, move),
    pending: byTarget(run.pending),
    kept: byTarget(run.kept),
    comments: byTarget(run.comments),
    // What failed for want of the repository is tried again.
    agents: run.agents.map((agent) => ({
      ...agent,
      gitDir: agent.gitDir === null ? null : movedPath(agent.gitDir, move),
      failures: {},
      captureProblem: null,
    })),
  }
}
