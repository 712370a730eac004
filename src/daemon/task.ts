import type { Store } from '../adapters/store/store.ts'
import { readEvent } from '../core/format/read-event.ts'
import type { KnownRun } from '../core/archive/row.ts'

/** A run's whole task; the state keeps only the beginning of a long one. */
export function taskOf(store: Store, run: KnownRun): string {
  if (run.taskWhole) return run.task
  const stored = store.eventAt(run.seq)
  const event = stored === null ? null : readEvent(stored)
  return event?.type === 'run.started' ? event.data.task : run.task
}
