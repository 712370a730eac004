import { draft } from '../draft.ts'
import type { EventDraft, EventType, KageEvent } from '../event.ts'
import { movedLanding } from '../moved-path.ts'
import { movedRun } from '../moved.ts'
import { freshRun, reduce } from '../reduce.ts'
import { emptyState, inOrder, type LandingState, type RunState, type State } from '../state.ts'
import { archivedRun, withoutArchived } from './archive.ts'

/** An archived run whole, with its landings. */
export interface Past {
  readonly run: RunState
  readonly landings: readonly LandingState[]
}

/** What becomes of all runs between the events of one: moves of its repository, and the last start of a daemon. */
export interface Moments {
  readonly moves: readonly { readonly seq: number; readonly from: string; readonly to: string }[]
  readonly startedSeq: number
}

/** Finds an archived run as it is before the event of that number; null where its events are lost. */
export type FindPast = (run: string, state: State) => Past | null

/** Folds the events of a run alone, in their order, with what happened between them; null without its beginning. */
export function pastOf(
  run: string,
  events: Iterable<KageEvent>,
  { moves, startedSeq }: Moments,
): Past | null {
  const between = [
    ...moves.map((move) => ({ seq: move.seq, change: (past: Past) => moved(past, move) })),
    { seq: startedSeq, change: ({ landings, ...past }: Past) => ({ landings, run: freshRun(past.run) }) },
  ].toSorted((one, other) => one.seq - other.seq)
  let state = emptyState
  const pass = (until: number): void => {
    while ((between[0]?.seq ?? Infinity) < until) {
      const past = partOf(state, run)
      const { change } = between.shift() ?? {}
      if (past !== null && change !== undefined) state = withPast(state, change(past))
    }
  }
  for (const event of events) {
    pass(event.seq)
    if (event.type !== 'run.archived') state = reduce(state, event)
  }
  pass(Infinity)
  return partOf(state, run)
}

/** The moments of a run's repository in a state. */
export function momentsOf({ repositories, startedSeq }: State, key: string): Moments {
  return { moves: repositories[key]?.moves ?? [], startedSeq }
}

/** The state in which an archived run is back; the same where it is not archived. */
export function bringBack(state: State, id: string, past: Past | null): State {
  const row = rowIn(state, id)
  if (row === null || past === null) return state
  return withPast({ ...state, archive: withoutArchived(state.archive, row) }, past)
}

/** Makes the fold of events in which archived runs are brought back from what `find` finds. */
export function foldWith(find: FindPast): (state: State, event: KageEvent) => State {
  return (state, event) => {
    const { run, type } = event
    if (type !== 'run.reopened' || run === null) return reduce(state, event)
    return reduce(bringBack(state, run, find(run, state)), event)
  }
}

/** Events with those that bring back the archived runs of which they are. */
export function withReopened(state: State, drafts: readonly EventDraft[]): readonly EventDraft[] {
  const back = new Set<string>()
  return drafts.flatMap((each) => {
    const { type, run } = each
    if (run === null || back.has(run) || Object.hasOwn(state.runs, run) || keepsAway.has(type)) return [each]
    if (type === 'run.reopened' || rowIn(state, run) === null) return [each]
    back.add(run)
    return [draft('run.reopened', run, null, {}), each]
  })
}

/** Events that change nothing of their run. */
const keepsAway: ReadonlySet<EventType> = new Set<EventType>([
  'run.archived',
  'branch.deleted',
  'conflict.resolved',
  'result.checked',
])

/** The row of an archived run, or null. */
export function rowIn({ archive, repositories }: State, id: string): ReturnType<typeof archivedRun> {
  return archivedRun(archive, Object.keys(repositories), id)
}

/** A run of the state with its landings, or null. */
export function partOf({ runs, landings }: State, id: string): Past | null {
  const run = runs[id]
  return run === undefined
    ? null
    : { run, landings: Object.values(landings).filter((each) => each.run === id) }
}

/** The state with a run and its landings, in the order of the numbers, however long it was away. */
export function withPast(state: State, { run, landings }: Past): State {
  const named = landings.map((landing) => [landing.undo, landing] as const)
  return {
    ...state,
    runs: inOrder(Object.entries({ ...state.runs, [run.id]: run })),
    landings:
      named.length === 0
        ? state.landings
        : inOrder(Object.entries({ ...state.landings, ...Object.fromEntries(named) })),
  }
}

function moved({ run, landings }: Past, move: Moments['moves'][number]): Past {
  return { run: movedRun(run, move), landings: landings.map((landing) => movedLanding(landing, move)) }
}
