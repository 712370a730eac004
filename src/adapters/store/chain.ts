import { hash } from 'node:crypto'
import type { NewEvent } from './batch.ts'

/** The link before the first event. */
export const chainStart: string = '0'.repeat(64)

/** The hash by which the chain knows an event's data, so that the data can be purged and the chain still holds. */
export function payloadHash(data: string): string {
  return hash('sha256', data)
}

/** The link after an event: a hash over the link before it, the event's fields and the hash of its data. */
export function nextChain(previous: string, event: Omit<NewEvent, 'data'>, payload: string): string {
  const { seq, id, at, type, v, run, agent } = event
  return hash('sha256', JSON.stringify([previous, seq, id, at, type, v, run, agent, payload]))
}
