import type { Exit, ProcessIdentity } from './event.ts'

/** What git, tmux, the spool and the process table say now; a part that was not looked at is null. */
export interface Observed {
  /** Panes of Kage by server socket; a server that does not answer has none. A missing socket was not looked at. */
  readonly servers: Readonly<Record<string, ObservedServer>>
  /** By full agent name. */
  readonly agents: Readonly<Record<string, ObservedAgent>>
}

export interface ObservedServer {
  /** Null when no server runs there. */
  readonly pid: number | null
  readonly startedAt: number | null
  readonly panes: readonly ObservedPane[]
}

export interface ObservedPane {
  readonly id: string
  readonly agent: string
  readonly dead: boolean
  readonly deadStatus: number | null
  readonly deadSignal: string | null
}

/** A line of an outbox, or why one was passed over, with the bytes that are read with it. */
export type ObservedReport =
  | { readonly line: string; readonly outbox: number }
  | { readonly problem: string; readonly outbox: number }

export interface ObservedAgent {
  readonly started: ProcessIdentity | null
  readonly exit: Exit | null
  readonly process: 'alive' | 'gone' | 'other' | 'unknown'
  readonly worktree: boolean
  /** What its outbox tells beyond what is known, in order; after it, whether there is more up to where it ended. */
  readonly reports: readonly ObservedReport[]
  readonly reportsLeft: boolean
  /** When it printed or reported something last; null where nobody looked. */
  readonly lastSignMs: number | null
}
