import type { Comment } from '../comment.ts'
import type { Control } from '../decide/control.ts'
import type { EventRange } from '../event.ts'
import type { Decision, TreePath } from '../merge/change.ts'
import type { ResolutionChoice } from '../merge/conflict.ts'

/** What a call is about: a repository where the id alone may be ambiguous, and a run (`r7`) or an agent (`r7/coder-1`). */
export interface Subject {
  readonly repo: string | null
  readonly id: string
}

/** Which process a client is, by its own word: the daemon looks it up. `startTicks` is null where the client does not know it. */
export interface ProcessStatement {
  readonly pid: number
  readonly startTicks: number | null
  readonly program: string
}

/** The person's socket: each method with its parameters. `command` is the client's id of a wish that is done once. */
export interface PersonParams {
  readonly hello: {
    readonly protocol: number
    readonly client: string
    /** Without it what only the person may ask for is refused. */
    readonly process?: ProcessStatement | undefined
  }
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
  /** `comments`: those that the text holds, by their ids. */
  readonly send: Subject & {
    readonly text: string
    readonly comments?: readonly string[] | undefined
    /** Absent from clients of 0.1.0, whose repeated call may send twice. */
    readonly command?: string | undefined
  }
  /** Keeps a comment until it is sent; one without words is dropped. */
  readonly comment: Subject & { readonly comment: Comment; readonly command: string }
  readonly control: ControlParams
  readonly attach: Subject & { readonly environment: Readonly<Record<string, string>> }
  readonly diff: Subject
  /** `without`: agents that are left out, as if they were not compared. */
  readonly regions: Subject & { readonly full: boolean; readonly without?: readonly string[] | undefined }
  readonly blob: Subject & { readonly blob: string }
  readonly pick: PickParams
  readonly review: Subject
  /** Waits until the person's worktree has another tree than the one that is known. */
  readonly moved: Subject & { readonly known: string }
  /** Objects of the repository by their names, several at once. */
  readonly texts: Subject & { readonly blobs: readonly string[] }
  readonly decide: DecideParams
  /** What the person says to conflicts, by the keys of their sides, before it is part of a landing: it is offered again. */
  readonly resolve: Subject & {
    readonly resolutions: readonly (Omit<ResolutionParam, 'id' | 'choice'> & {
      readonly key: string
      readonly choice: ResolutionChoice
    })[]
    readonly command: string
  }
  /**
   * Runs the project's checks on a tree that a trial told; `environment` is the asking client's, of which they get a few
   * variables, `asker` a name for who waits for them.
   */
  readonly check: Subject & {
    readonly tree: string
    readonly environment: Readonly<Record<string, string>>
    readonly asker: string
  }
  /** Calls off the checks of a run's results; with `asker` those that nobody else has asked for. */
  readonly stopChecks: Subject & { readonly asker?: string | undefined }
  readonly land: LandParams
  readonly undo: { readonly repo: string; readonly id: string | null; readonly command: string }
  /** Gives up a landing or undo that was cut off and whose journal cannot be read. */
  readonly drop: { readonly repo: string; readonly id: string; readonly command: string }
  readonly undos: { readonly repo: string }
  readonly log: {
    readonly repo: string | null
    readonly id: string | null
    readonly since: number
    readonly limit: number
  }
  /** A Neovim's host waits for the next question: which of its files have unsaved changes. */
  readonly editorQuestion: Record<string, never>
  /** Its answer, as absolute, real paths. */
  readonly editorAnswer: { readonly question: string; readonly unsaved: readonly string[] }
  readonly follow: {
    readonly after: number
    readonly limit: number
    /** Whether the runs that events brought back are wanted, too. */
    readonly runs?: boolean | undefined
  }
  readonly state: {
    readonly at: string | null
    /** As a client follows it: without archived runs, except the one that is named. */
    readonly live?: boolean | undefined
    readonly run?: string | undefined
  }
  readonly branch: { readonly repo: string | null; readonly id: string; readonly name: string }
  readonly clean: {
    readonly repo: string
    readonly id: string | null
    readonly force: boolean
    /** Also the branches whose work has landed. */
    readonly branches?: boolean | undefined
    /** Only runs whose agents ended at least so long ago. */
    readonly olderThanDays?: number | null | undefined
    /** Answers what would be removed, and removes nothing. */
    readonly dryRun?: boolean | undefined
  }
  readonly gc: { readonly repo: string }
  readonly du: { readonly repo: string }
  /** Acknowledges the alarms of a run. */
  readonly ack: Subject & { readonly command: string }
  /** Acknowledges that events are lost or cannot be read. */
  readonly accept: { readonly events: readonly EventRange[]; readonly command: string }
  /** Lists what was lost of the person's refs, or puts one back. */
  readonly restoreRef: { readonly repo: string; readonly name: string | null }
  readonly trust: { readonly path: string }
}

export interface ControlParams extends Subject {
  readonly control: Control
  /** What an agent that is started again gets its variables from, above all a key that was corrected; absent: as before. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly command: string
}

export interface SpawnParams {
  readonly repo: string
  readonly task: string
  readonly count: number | null
  readonly agents: readonly string[]
  readonly base: string | null
  readonly withChanges: boolean
  /** Texts of an editor that are not written yet, by path in the repository: agents start with them, and with uncommitted work. */
  readonly buffers?: readonly { readonly path: TreePath; readonly bytes: Uint8Array }[] | undefined
  readonly maxTurns?: number | null | undefined
  readonly budgetUsd?: number | null | undefined
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
  /** Agents that are left out: regions are formed as if they were not compared. */
  readonly without?: readonly string[] | undefined
  readonly into: string | null
  readonly commit: boolean
  readonly message: string | null
  /** The asking client's variables that name the person of a commit (see `personVariables`). */
  readonly person?: Readonly<Record<string, string>> | undefined
  readonly dryRun: boolean
  /** What the person says to conflicts. */
  readonly resolutions?: readonly ResolutionParam[] | undefined
  /** The tree that shall come of it; anything else is refused. */
  readonly expected?: string | undefined
  readonly command: string
}

/** What is said to a conflict by its id: one side, both in an order, a text, or what was said to the same sides before. */
export interface ResolutionParam {
  readonly id: string
  readonly choice: ResolutionChoice | 'remembered'
  readonly text?: Uint8Array | undefined
}

/** What the person decides before it is landed, as a change of what is pending for their worktree. */
export interface DecideParams extends Subject {
  readonly removed: readonly Decision[]
  readonly added: readonly Decision[]
  /** Regions, by their keys, where the base is kept from now on, and where not any more. */
  readonly kept?: readonly string[] | undefined
  readonly unkept?: readonly string[] | undefined
  readonly command: string
}

/**
 * Lands all that is decided, as it was shown: `trees` are the candidates' trees of the review, `files` what the client
 * composed, by path with the name git gives the text (null: removed). Where the daemon composes anything else, or an
 * agent's decided change is no longer there, nothing is changed.
 */
export interface LandParams {
  readonly repo: string
  readonly id: string
  /** Of what has landed what is to land again, for it was thrown away. */
  readonly again?: readonly Decision[] | undefined
  readonly trees: Readonly<Record<string, string>>
  readonly files: readonly { readonly path: TreePath; readonly blob: string | null }[]
  readonly commit: boolean
  readonly message: string | null
  /** The asking client's variables that name the person of a commit (see `personVariables`). */
  readonly person?: Readonly<Record<string, string>> | undefined
  readonly dryRun: boolean
  /** What the person says to conflicts. */
  readonly resolutions?: readonly ResolutionParam[] | undefined
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
