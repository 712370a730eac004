// The events of a whole log, folded. A state is copied with every event: of a long log with many runs most time went into
// copies of runs that the event says nothing of. Here an event meets its own run and that run's landings alone.
import type { KageEvent } from '../event.ts'
import { emptyState, inOrder, type LandingState, type RunState, type State } from '../state.ts'
import { type FindPast, foldWith } from './past.ts'

export interface WholeLog {
  readonly add: (event: KageEvent) => void
  /** The same state as that of a fold with `foldWith`, event by event. */
  readonly state: () => State
}

/** Makes the fold of a whole log. */
export function foldWholeLog(find: FindPast): WholeLog {
  const fold = foldWith(find)
  let runs = new Map<string, RunState>()
  let landings = new Map<string, Map<string, LandingState>>()
  // All of the state but its runs and landings.
  let rest = emptyState

  const state = (): State => ({
    ...rest,
    runs: inOrder([...runs]),
    landings: inOrder([...landings.values()].flatMap((own) => [...own])),
  })

  const add = (event: KageEvent): void => {
    if (event.run === null) {
      if (isOfAllRuns(event)) split(fold(state(), event))
      else rest = fold(rest, event)
      return
    }
    const { run: id } = event
    const before = runs.get(id)
    const own = Object.fromEntries(landings.get(id) ?? [])
    const after = fold({ ...rest, runs: before === undefined ? {} : { [id]: before }, landings: own }, event)
    const run = after.runs[id]
    if (run === undefined) runs.delete(id)
    else runs.set(id, run)
    if (after.landings !== own) landings.set(id, new Map(Object.entries(after.landings)))
    rest = { ...after, runs: {}, landings: {} }
  }

  const split = (whole: State): void => {
    runs = new Map(Object.entries(whole.runs))
    landings = new Map()
    for (const landing of Object.values(whole.landings)) {
      const own = landings.get(landing.run) ?? new Map<string, LandingState>()
      landings.set(landing.run, own.set(landing.undo, landing))
    }
    rest = { ...whole, runs: {}, landings: {} }
  }

  return { add, state }
}

function isOfAllRuns({ type }: KageEvent): boolean {
  return type === 'daemon.started' || type === 'repository.moved'
}
