import type { Control } from '../decide/control.ts'

/** What a call is about: a repository where the id alone may be ambiguous, and a run (`r7`) or an agent (`r7/coder-1`). */
export interface Subject {
  readonly repo: string | null
  readonly id: string
}

/** The person's socket: each method with its parameters. `command` is the client's id of a wish that is done once. */
export interface PersonParams {
  readonly hello: { readonly protocol: number; readonly client: string }
  readonly status: Record<string, never>
  readonly shutdown: Record<string, never>
  readonly spawn: SpawnParams
  readonly compare: {
    readonly repo: string
    readonly base: string | null
    readonly revisions: readonly string[]
    readonly command: string
  }
  readonly ls: { readonly repo: string | null; readonly all: boolean }
  readonly show: Subject
  readonly wait: Subject & { readonly timeoutMs: number | null }
  readonly send: Subject & { readonly text: string }
  readonly control: Subject & { readonly control: Control; readonly command: string }
  readonly attach: Subject & { readonly environment: Readonly<Record<string, string>> }
  readonly diff: Subject
  readonly regions: Subject & { readonly full: boolean }
  readonly blob: Subject & { readonly blob: string }
  readonly pick: PickParams
  readonly undo: { readonly repo: string; readonly id: string | null; readonly command: string }
  readonly undos: { readonly repo: string }
  readonly log: {
    readonly repo: string | null
    readonly id: string | null
    readonly since: number
    readonly limit: number
  }
  readonly follow: { readonly after: number }
  readonly state: { readonly at: string | null }
  readonly clean: { readonly repo: string; readonly id: string | null; readonly force: boolean }
  readonly trust: { readonly path: string }
}

export interface SpawnParams {
  readonly repo: string
  readonly task: string
  readonly count: number | null
  readonly agents: readonly string[]
  readonly base: string | null
  readonly withChanges: boolean
  /** The asking client's environment: agents get of it what their `env` lists, tmux is found by it; it is never stored. */
  readonly environment: Readonly<Record<string, string>>
  readonly command: string
}

export interface PickParams {
  readonly repo: string
  readonly id: string
  readonly choices: readonly PickChoice[]
  readonly from: string | null
  readonly paths: readonly string[]
  readonly regions: readonly string[]
  readonly lines: readonly { readonly variant: string; readonly first: number; readonly last: number }[]
  readonly into: string | null
  readonly commit: boolean
  readonly message: string | null
  readonly dryRun: boolean
  readonly command: string
}

/** REGION=CHOICE; for a choice of edited text (`@FILE`) `text` holds the file's bytes. */
export interface PickChoice {
  readonly region: string
  readonly choice: string
  readonly text?: Uint8Array | undefined
}

/** An agent's own, narrow socket. */
export interface AgentParams {
  readonly report: { readonly status: 'working' | 'waiting'; readonly message: string }
  readonly ask: { readonly question: string }
}
