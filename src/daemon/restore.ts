import type { Store } from '../adapters/store/store.ts'
import { readEvent } from '../core/format/read-event.ts'
import { limit } from '../core/limit.ts'
import { reduce } from '../core/reduce.ts'
import { changedSlices, emptyState, stateOfSlices, stateVersion, type State } from '../core/state.ts'

/** The state as the store keeps it; folded anew from all events where another version of the fold had stored it, or where it is broken. */
export async function restoreState(store: Store, log: (line: string) => void = () => {}): Promise<State> {
  const stored = storedState(store, log)
  if (stored !== null) return stored
  const state = replay(store, null)
  const rows = changedSlices(emptyState, state).map(({ key, value }) => ({
    key,
    value: JSON.stringify(value),
  }))
  await store.append({ events: [], state: rows, reset: true })
  return state
}

function storedState(store: Store, log: (line: string) => void): State | null {
  const { version, seq, entries, broken } = store.readState()
  if (version !== stateVersion) return null
  if (broken.length === 0)
    return stateOfSlices(
      seq,
      entries.map(({ key, value }) => ({ key, value: JSON.parse(value) as unknown })),
    )
  log(`the stored state was broken (${broken.join(', ')}) and is folded anew from the events`)
  return null
}

/** The state after the event of that number (null: the last), folded from the beginning. */
export function replay(store: Store, until: number | null): State {
  let state = emptyState
  for (;;) {
    const page = store.readEvents({ after: state.seq, limit: limit.eventsPerPage })
    if (page.length === 0) return state
    for (const row of page) {
      if (until !== null && row.seq > until) return state
      state = reduce(state, readEvent(row))
    }
  }
}
