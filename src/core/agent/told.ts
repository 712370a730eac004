import type { Usage } from '../budget/usage.ts'

/** Of what an agent told through its outbox: the bytes of it that are read with this report, so that each counts once. */
export interface Told {
  readonly outbox?: number
}

/** One answer of a model; `costUsd` is null where the price is unknown. */
export interface Turn {
  readonly turn: number
  readonly model: string
  readonly usage: Usage
  readonly costUsd: number | null
  readonly durationMs: number
}
