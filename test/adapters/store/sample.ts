import type { Batch, NewEvent } from '../../../src/adapters/store/batch.ts'

/** The event of a number, always the same for the same number. */
export function sampleEvent(seq: number, changes: Partial<NewEvent> = {}): NewEvent {
  const run = `r${(seq % 3) + 1}`
  return {
    seq,
    id: `event-${seq}`,
    at: new Date(1_800_000_000_000 + seq * 1000).toISOString(),
    type: 'agent.reported',
    v: 1,
    run,
    agent: `${run}/coder-${(seq % 2) + 1}`,
    data: JSON.stringify({ message: `note ${seq} `.repeat((seq % 7) * 20 + 1) }),
    ...changes,
  }
}

/** A batch of one sample event, with a state that counts and the reply to a command of its own. */
export function sampleBatch(seq: number): Batch {
  return {
    events: [sampleEvent(seq)],
    state: [
      { key: 'last', value: String(seq) },
      { key: `slot-${seq % 10}`, value: String(seq) },
    ],
    command: { id: `command-${seq}`, reply: `reply ${seq}` },
  }
}

/** The state that the sample batches up to a number leave. */
export function sampleState(seq: number): { key: string; value: string }[] {
  const rows = new Map<string, string>()
  for (let at = 1; at <= seq; at += 1)
    for (const { key, value } of sampleBatch(at).state) rows.set(key, value ?? '')
  return [...rows].map(([key, value]) => ({ key, value })).toSorted((a, b) => (a.key < b.key ? -1 : 1))
}
