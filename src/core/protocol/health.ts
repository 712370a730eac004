import type { EventRange } from '../event.ts'

/** What the check of the store after the daemon's start found. */
export interface HealthView {
  readonly at: string
  readonly ok: boolean
  readonly problems: number
}

/** What a salvage kept, what it lost (numbers of events), and where the damaged file lies. */
export interface Salvaged {
  readonly kept: number
  readonly lost: readonly number[]
  readonly damaged: string
}

/** What a check of the store found: the document of `kage verify`. */
export interface Verified {
  readonly ok: boolean
  readonly problems: readonly Problem[]
  /** Losses that the person has acknowledged; absent without any. */
  readonly acknowledged?: readonly Problem[]
  /** The events that are lost or cannot be read and are not acknowledged; absent without any. */
  readonly lost?: readonly EventRange[]
}

/** Something in the store that is not as it should be; `seq` is the event that it is about. */
export interface Problem {
  readonly kind:
    | 'file'
    | 'newer'
    | 'event'
    | 'unreadable'
    | 'lost'
    | 'state'
    | 'journal'
    | 'reverted'
    | 'more'
  readonly seq?: number
  readonly message: string
}
