import type { Numbers } from '../../core/numbers.ts'

/** An event on its way into the store; the caller numbers it and writes its data as JSON text. */
export interface NewEvent {
  readonly seq: number
  readonly id: string
  /** ISO 8601 in UTC with milliseconds, so that order of text is order of time. */
  readonly at: string
  readonly type: string
  readonly v: number
  readonly run: string | null
  readonly agent: string | null
  readonly data: string
}

/** An event as it is read back; its data is null after a purge. */
export interface EventRow extends Omit<NewEvent, 'data'> {
  readonly data: string | null
}

/** A row of the folded state; a null value removes the key. */
export interface StateChange {
  readonly key: string
  readonly value: string | null
}

/** What becomes durable together: events, what they did to the state, and the reply to the command they come from. */
export interface Batch {
  readonly events: readonly NewEvent[]
  readonly state: readonly StateChange[]
  readonly command?: { readonly id: string; readonly reply: string }
  /** The state rows replace all that were there: a state folded anew. */
  readonly reset?: boolean
  /** The highest numbers that were given out by then, for the mark outside the store. */
  readonly numbers?: Numbers
}

/** How far the log goes, the chain's last link, and the reducer's version that folded the state (0: none yet). */
export interface Head {
  readonly seq: number
  readonly chain: string
  readonly stateVersion: number
}
