// A client follows the runs that are not archived. It cannot read the events of one that is brought back: the daemon sends
// it, as it was then, along with the event.
import type { KageEvent } from '../event.ts'
import { reduce } from '../reduce.ts'
import type { RunState, State } from '../state.ts'
import { type Past, withPast } from './past.ts'

/** Runs that events brought back, by the numbers of the events. */
export type BroughtBack = Readonly<Record<string, Past>>

/** What a client is sent of a state at first: without archived runs, and without what only the daemon works with. */
export function clientState(state: State): State {
  const runs = Object.entries(state.runs).map(([id, run]) => [id, clientRun(run)])
  return { ...withoutArchive(state), runs: Object.fromEntries(runs) as State['runs'] }
}

/** A run as a client is sent it. */
export function clientPast({ run, landings }: Past): Past {
  return { run: clientRun(run), landings }
}

/** Makes the fold of a client's events. */
export function followWith(back: BroughtBack): (state: State, event: KageEvent) => State {
  return (state, event) => {
    const past = event.type === 'run.reopened' ? back[event.seq] : undefined
    return withoutArchive(reduce(past === undefined ? state : withPast(state, past), event))
  }
}

function clientRun(run: RunState): RunState {
  const { guarded, ...rest } = run
  return { ...rest, settings: noSettings, fingerprint: {}, ...(guarded === undefined ? {} : { guarded: {} }) }
}

const noSettings: RunState['settings'] = { config: [], attributes: '', exclude: '' }

function withoutArchive(state: State): State {
  return { ...state, archive: {}, repositories: {} }
}
