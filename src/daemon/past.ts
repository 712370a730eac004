import type { Page } from '../adapters/store/read.ts'
import type { EventRow } from '../adapters/store/batch.ts'
import { momentsOf, type Past, pastOf, rowIn } from '../core/archive/past.ts'
import type { KageEvent } from '../core/event.ts'
import { readEvent } from '../core/format/read-event.ts'
import { limit } from '../core/limit.ts'
import type { State } from '../core/state.ts'

interface Events {
  readonly readEvents: (page: Page) => readonly EventRow[]
}

/** Folds the events of an archived run, as they are stored up to the last one that the state holds; null where it is none. */
export function readPast(store: Events, state: State, run: string): Past | null {
  const row = rowIn(state, run)
  if (row === null) return null
  return pastOf(run, eventsOf(store, run, state.seq), momentsOf(state, row.repository.key))
}

/** The same run as it was before the event of that number, which brought it back; null where its beginning is lost. */
export function pastBefore(store: Events, state: State, run: string, seq: number): Past | null {
  const own = [...eventsOf(store, run, seq - 1)]
  const [first] = own
  const key = first?.type === 'run.started' ? first.data.repository.key : ''
  const { moves, startedSeq } = momentsOf(state, key)
  // A later start is an event of its own to whoever follows.
  const moments = {
    moves: moves.filter((move) => move.seq < seq),
    startedSeq: startedSeq < seq ? startedSeq : 0,
  }
  return pastOf(run, own, moments)
}

function* eventsOf(store: Events, run: string, until: number): Generator<KageEvent> {
  for (let after = 0; ;) {
    const page = store.readEvents({ run, after, limit: limit.eventsPerPage })
    for (const row of page) {
      if (row.seq > until) return
      yield readEvent(row)
    }
    const last = page.at(-1)
    if (last === undefined) return
    after = last.seq
  }
}
