import type { EventData, EventDraft, EventType } from './event.ts'

/** An event about an agent, a run (agent null) or the daemon (both null), not yet numbered and dated. */
export function draft<T extends EventType>(
  type: T,
  run: string | null,
  agent: string | null,
  data: EventData[T],
): EventDraft {
  return { type, run, agent, data } as EventDraft
}
