import type { Store } from '../adapters/store/store.ts'
import type { EventData } from '../core/event.ts'
import type { RunState } from '../core/state.ts'

/** A run's whole task; the state keeps only the beginning of a long one. */
export function taskOf(store: Store, run: RunState): string {
  if (run.taskWhole) return run.task
  const data = store.eventAt(run.seq)?.data
  return data === undefined || data === null ? run.task : (JSON.parse(data) as EventData['run.started']).task
}
