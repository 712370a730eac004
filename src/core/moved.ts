import type { EventData, RepositoryRecord } from './event.ts'
import type { LandingState, RunState, State } from './state.ts'

type Move = EventData['repository.moved']

/** The directory that moves with a git directory: the one around `.git`, else the git directory itself. */
export function topOf(commonDir: string): string {
  return commonDir.replace(/\/\.git$/, '')
}

/** A path after a directory was moved: below `from` it is below `to` now, elsewhere it stays. */
export function movedPath(path: string, { from, to }: Pick<Move, 'from' | 'to'>): string {
  if (path === from) return to
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : path
}

/** What a run remembers of its repository, after the move. */
export function movedRecord<R extends Omit<RepositoryRecord, 'key'>>(
  record: R,
  move: Pick<Move, 'from' | 'to'>,
): R {
  return {
    ...record,
    root: movedPath(record.root, move),
    gitDir: movedPath(record.gitDir, move),
    commonDir: movedPath(record.commonDir, move),
  }
}

/** The state after a repository was found at another place: its runs, and what is decided and landed there, go along. */
export function withMoved(state: State, move: Move): State {
  const runs = Object.entries(state.runs).map(([id, run]): [string, RunState] => [
    id,
    run.repository.key === move.repository ? movedRun(run, move) : run,
  ])
  const landings = Object.entries(state.landings).map(([id, landing]): [string, LandingState] => [
    id,
    landing.repository === move.repository ? movedLanding(landing, move) : landing,
  ])
  return { ...state, runs: Object.fromEntries(runs), landings: Object.fromEntries(landings) }
}

function movedRun(run: RunState, move: Move): RunState {
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

function movedLanding(landing: LandingState, move: Move): LandingState {
  const { target, review } = landing
  return {
    ...landing,
    target: movedPath(target, move),
    ...(review === undefined ? {} : { review: movedPath(review, move) }),
  }
}
