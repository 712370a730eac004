import type { Store } from '../adapters/store/store.ts'
import { readEvent } from '../core/format/read-event.ts'
import { limit } from '../core/limit.ts'
import { foldWholeLog } from '../core/archive/whole-log.ts'
import {
  changedRows,
  emptyState,
  stateOfSlices,
  stateVersion,
  type State,
  valueOfRow,
} from '../core/state.ts'
import { readPast } from './past.ts'

/** The state as the store keeps it; folded anew from all events where another version of the fold had stored it, or where it is broken. */
export async function restoreState(store: Store, log: (line: string) => void = () => {}): Promise<State> {
  const stored = storedState(store, log)
  if (stored !== null) return stored
  const state = replay(store, null)
  await store.append({ events: [], state: changedRows(emptyState, state), reset: true })
  return state
}

function storedState(store: Store, log: (line: string) => void): State | null {
  const { version, seq, entries, broken } = store.readState(archivePrefix)
  if (version !== stateVersion) return null
  if (broken.length > 0) {
    log(`the stored state was broken (${broken.join(', ')}) and is folded anew from the events`)
    return null
  }
  const rows = entries.map((row) => ({ key: row.key, value: valueOfRow(row) }))
  const buckets = store
    .stateKeys(archivePrefix)
    .map((key) => ({ key, value: () => bucketText(store, { key, seq }, log) }))
  return stateOfSlices(seq, [...rows, ...buckets])
}

/** The text of a bucket of the archive, which nobody has changed since the start; a broken one is folded anew and written again. */
function bucketText(
  store: Store,
  { key, seq }: { readonly key: string; readonly seq: number },
  log: (line: string) => void,
): string {
  const stored = store.stateRow(key)
  if (stored !== null) return stored
  log(`a row of the stored state was broken (${key}) and is folded anew from the events`)
  const text = replay(store, seq).archive[key.slice(archivePrefix.length)]?.json ?? ''
  void store.append({ events: [], state: [{ key, value: text }] }).catch(() => {})
  return text
}

const archivePrefix = 'archive/'

/** The state after the event of that number (null: the last), folded from the beginning. */
export function replay(store: Store, until: number | null): State {
  const whole = foldWholeLog((run, before) => readPast(store, before, run))
  for (let after = 0; ;) {
    const page = store.readEvents({ after, limit: limit.eventsPerPage })
    for (const row of page) {
      if (until !== null && row.seq > until) return whole.state()
      whole.add(readEvent(row))
    }
    const last = page.at(-1)
    if (last === undefined) return whole.state()
    after = last.seq
  }
}
