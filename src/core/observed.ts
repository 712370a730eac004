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

export interface ObservedAgent {
  readonly started: ProcessIdentity | null
  readonly exit: Exit | null
  readonly process: 'alive' | 'gone' | 'other' | 'unknown'
  readonly worktree: boolean
}
