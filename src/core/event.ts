import type { ActionType } from './action.ts'
import type { AgentPlan } from './agent/plan.ts'
import type { Told, Turn } from './agent/told.ts'
import type { ToolCall } from './agent/tool-call.ts'
import type { RaisedAlarm } from './alarm.ts'
import type { CheckedTree } from './check.ts'
import type { Comment } from './comment.ts'
import type { Keeping } from './kept.ts'
import type { ByteString, Decision, Oid, TreePath } from './merge/change.ts'
import type { RaisedNotice } from './notice.ts'
import type { Remembered } from './remembered.ts'

/** Kage's events: facts, in the past tense. `data` by type; each type has a row in `format/event-table.ts`. */
export interface EventData {
  readonly 'daemon.started': { readonly version: string; readonly pid: number; readonly epoch: number }
  readonly 'daemon.stopped': { readonly reason: string }
  readonly 'run.started': RunStarted
  readonly 'run.cleaning': { readonly force: boolean }
  /** Only a row of it stays in the state: it was cleaned, or ended long ago, and nothing of it is pending. */
  readonly 'run.archived': { readonly reason: 'cleaned' | 'age' }
  /** It was opened for change, and is in the state again. */
  readonly 'run.reopened': Record<string, never>
  /** `kind`: whether the git directory is the agent's own; linked to the person's where absent. */
  readonly 'worktree.added': { readonly gitDir: string; readonly kind?: 'own' | 'linked' }
  readonly 'worktree.lost': { readonly message: string }
  readonly 'worktree.removed': Record<string, never>
  /** It could not be removed, or its pane not be closed: cleaning it is given up until somebody asks again. */
  readonly 'worktree.kept': { readonly message: string }
  /** `gate`: what its launcher waits for; every pane has another, so that no opening is lost on a pane that is gone. */
  readonly 'pane.opened': {
    readonly server: ServerIdentity
    readonly pane: string
    readonly attempt: number
    readonly gate: string
    /** Its spool has two directories; absent where it has one, as in 0.1.0. */
    readonly spool?: 'two'
  }
  readonly 'pane.lost': { readonly message: string }
  readonly 'pane.closed': Record<string, never>
  readonly 'agent.started': { readonly process: ProcessIdentity }
  readonly 'agent.reported': { readonly status: 'working' | 'waiting'; readonly message: string } & Told
  /** The model answered once. */
  readonly 'agent.turned': Turn & Told
  readonly 'agent.said': { readonly text: string } & Told
  readonly 'tool.called': ToolCall & Told
  /** The endpoint did not answer as it should; `waitMs` until it is asked again, null when it is not. */
  readonly 'provider.failed': {
    readonly kind: string
    readonly message: string
    readonly attempt: number
    readonly waitMs: number | null
  } & Told
  /** The agent has read a message: `id` of the one that was sent, null for a line typed into its pane. */
  readonly 'message.heard': { readonly id: string | null; readonly text: string } & Told
  /** It says that it is through; its end is another event. */
  readonly 'agent.finished': { readonly summary: string } & Told
  /** Something in its outbox was no report; it was passed over. */
  readonly 'report.refused': { readonly message: string } & Told
  readonly 'agent.interrupted': { readonly by: string }
  readonly 'agent.paused': { readonly by: string }
  readonly 'agent.resumed': { readonly by: string }
  readonly 'agent.requeued': { readonly by: string; readonly attempt: number }
  /** Its program ended and is started again by its policy, after a wait; `restart` counts those of the period, from 1. */
  readonly 'agent.restarting': {
    readonly attempt: number
    readonly restart: number
    readonly waitMs: number
    readonly message: string
  }
  /** It was started again too often within the period: it stays as it ended. */
  readonly 'restart.refused': { readonly message: string }
  /** It works and has given no sign of life for long; `lastSign` is when it gave the last. */
  readonly 'agent.stalled': { readonly lastSign: string; readonly message: string }
  /** It gave a sign of life after it had stalled. */
  readonly 'agent.stirred': Record<string, never>
  readonly 'agent.stopping': { readonly by: string }
  readonly 'agent.exited': Exit
  readonly 'agent.failed': { readonly code: string; readonly message: string }
  /** An effect on an agent failed; `attempt` counts attempts in a row, from 1. core/retry.ts says when it is attempted again. */
  readonly 'action.failed': {
    readonly action: ActionType
    readonly attempt: number
    readonly code: string
    readonly reason: string
  }
  readonly 'agent.doubted': { readonly message: string }
  readonly 'message.sent': {
    readonly outcome: SendOutcome
    readonly bytes: number
    readonly id?: string
    /** The comments that it brought, by their ids. */
    readonly comments?: readonly string[]
  }
  readonly 'candidate.captured': Capture
  /** `clean` deleted the agent's branch, which was at `commit`; `parked`: the ref in Kage's own repository that keeps it. */
  readonly 'branch.deleted': { readonly branch: string; readonly commit: Oid; readonly parked?: string }
  readonly 'candidate.failed': { readonly message: string }
  /** Work that no capture can hold was stored at `place` before its worktree was removed. */
  readonly 'work.parked': {
    readonly path: TreePath
    readonly kind: 'nested' | 'large' | 'filtered' | 'refs'
    readonly place: string
  }
  /** Its worktree is gone, and neither a commit nor a capture holds any work. */
  readonly 'candidate.lost': { readonly message: string }
  /** The agent's branch in the person's repository was moved to `commit`; `tip` is that of its own commits, `problem` why these could not be imported. */
  readonly 'branch.published': { readonly commit: Oid; readonly tip: Oid; readonly problem?: string }
  /** The branch was not moved: somebody else moved it, or it could not be; `commit` is what it would have been moved to. */
  readonly 'branch.left': { readonly commit: Oid | null; readonly message: string }
  readonly 'regions.numbered': { readonly keys: readonly string[] }
  /** What the person has decided for a target and not landed yet, as a change of what was pending before. */
  readonly 'decisions.changed': {
    readonly target: string
    readonly removed: readonly Decision[]
    readonly added: readonly Decision[]
  } & Partial<Keeping>
  /** What the person has to say in a review, until it is sent; a comment of that id before is replaced, one without words dropped. */
  readonly 'comment.written': { readonly target: string } & Comment
  /** What the person said to conflicts, in a repository. */
  readonly 'conflict.resolved': { readonly repository: string; readonly resolutions: readonly Remembered[] }
  /** The project's checks run on a tree that would land, one after the other; without any they were called off. */
  readonly 'result.checked': { readonly repository: string } & CheckedTree
  readonly 'merge.prepared': Landing
  readonly 'merge.landed': { readonly undo: string }
  readonly 'merge.dropped': {
    readonly undo: string
    readonly message: string
    readonly foreign: readonly TreePath[]
  }
  /** It was cut off and cannot be taken up again, because its journal is damaged or gone. */
  readonly 'merge.stuck': { readonly undo: string; readonly message: string }
  readonly 'merge.undoing': { readonly undo: string; readonly command: string }
  readonly 'merge.undone': { readonly undo: string }
  readonly 'merge.kept': { readonly undo: string; readonly message: string }
  /** What makes git run programs or read elsewhere is not as it was when the run began. */
  readonly 'alarm.raised': { readonly alarms: readonly RaisedAlarm[] }
  readonly 'alarm.acknowledged': { readonly ids: readonly string[] }
  /** Refs or stash entries of the person's went or were rewound while agents worked. */
  readonly 'notice.raised': { readonly notices: readonly RaisedNotice[] }
  /** The person had them put back. */
  readonly 'ref.restored': { readonly ids: readonly string[] }
  /** A repository is found at another place: all paths below `from` are below `to` now. */
  readonly 'repository.moved': { readonly repository: string; readonly from: string; readonly to: string }
  /** Written by 0.1.0 instead of alarms. */
  readonly 'repository.altered': { readonly parts: readonly string[] }
  /** Stands in the place of an event that the store has lost, so that its number is never given out again. */
  readonly 'event.lost': { readonly reason: string }
  /** The store went back in time: the events `from` to `to` are lost; `run` and `undo` are the highest numbers given out. */
  readonly 'store.reverted': Reverted
  /** The person knows that events are lost or cannot be read: ranges of their numbers, both ends included. */
  readonly 'loss.acknowledged': { readonly events: readonly EventRange[] }
  /** Never stored: stands in the place of a stored event of that type which cannot be read. */
  readonly 'event.unreadable': { readonly type: string; readonly reason: string }
}

/** Numbers of events, the first and the last. */
export type EventRange = readonly [number, number]

export type EventType = keyof EventData

/** An event before the daemon numbered and dated it. */
export type EventDraft = {
  [T in EventType]: {
    readonly type: T
    readonly run: string | null
    readonly agent: string | null
    readonly data: EventData[T]
  }
}[EventType]

/** An event as it is kept: `at` is ISO 8601 in UTC, `id` makes a repeated append harmless. */
export type KageEvent = EventDraft & {
  readonly seq: number
  readonly id: string
  readonly at: string
  readonly v: number
}

/** What a store that went back in time has lost; `from` is higher than `to` when other events have those numbers now. */
export interface Reverted {
  readonly from: number
  readonly to: number
  readonly run: number
  readonly undo: number
}

/** The tmux server a pane belongs to; a pane's number alone means nothing in another server. */
export interface ServerIdentity {
  readonly socket: string
  readonly pid: number
  readonly startedAt: number
}

/** Who a process is: a pid alone may come back as a stranger. */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTicks: number
  readonly bootId: string
  readonly launcherPid: number
}

/** How a program ended and who says so. */
export interface Exit {
  readonly code: number | null
  readonly signal: string | null
  readonly source: 'exit file' | 'tmux' | 'process table'
  readonly message: string
  /** The last lines that its pane showed, where it failed. */
  readonly output?: string
}

export type SendOutcome = 'submitted' | 'staged' | 'refused' | 'unverified'

/** A repository as it was when a run began, with everything needed to work on it again. */
export interface RepositoryRecord {
  readonly root: string
  readonly gitDir: string
  readonly commonDir: string
  readonly key: string
}

/** What decides how bytes of a worktree become blobs, as it was when the run began. */
export interface ByteSettings {
  readonly config: readonly string[]
  readonly attributes: ByteString
  readonly exclude: ByteString
  /** Filter drivers that are configured and not allowed: files with them are left as they are. */
  readonly withheld?: readonly string[]
}

export interface RunStarted {
  readonly mode: 'race' | 'plan' | 'compare'
  readonly task: string
  readonly repository: RepositoryRecord
  readonly base: Oid
  readonly baseName: string
  readonly socket: string | null
  readonly settings: ByteSettings
  /** Untracked files over this size are left out of captures; absent: none is. */
  readonly largeFileBytes?: number
  /** A hash for each thing of the repository that could make git run code, as it was when the run began. */
  readonly fingerprint: Readonly<Record<string, string>>
  /** The same, thing by thing; `fingerprint` is then empty. */
  readonly guarded?: Readonly<Record<string, string>>
  /** The kind of git directory that its agents get, and which refs; linked to the person's where absent. */
  readonly git?: 'own' | 'linked'
  readonly refs?: 'some' | 'all'
  /** The silence after which an agent at work has stalled; absent: it never has. */
  readonly attentionMs?: number
  readonly agents: readonly AgentPlan[]
}

/** A snapshot of what an agent produced; `final` when the agent had ended. */
export interface Capture {
  readonly tree: Oid
  readonly commit: Oid
  readonly changed: Changed
  readonly final: boolean
  /** Repositories inside the worktree that may hold work the tree does not. */
  readonly nested?: readonly TreePath[]
  /** Untracked files over the run's size limit; they are not in the tree. */
  readonly leftOut?: readonly TreePath[]
  /** Changed files whose filter Kage may not run; the tree has them as they were. */
  readonly filtered?: readonly TreePath[]
  /** Changed files that git cannot convert from their `working-tree-encoding`; the tree has their bytes as they are. */
  readonly unconverted?: readonly TreePath[]
  /** Files changed during every pass: the tree may mix states of different moments. */
  readonly inMotion?: true
  /** Its worktree was gone: the tree is that of its last commit. */
  readonly source?: 'commits'
}

export interface Changed {
  readonly files: number
  readonly added: number
  readonly deleted: number
}

/** A landing: what it changes in the decisions for a run and target; how it is carried out and undone is in the journal of that name. */
export interface Landing {
  readonly undo: string
  /** The client's id of the wish that is carried out: its answer stands also when a crash comes between. */
  readonly command: string
  readonly repository: string
  readonly target: string
  /** The worktree whose review was landed: its decisions were pending there, and an undo makes them so again. */
  readonly review?: string
  readonly removed: readonly Decision[]
  readonly added: readonly Decision[]
  /** What the target held before, and holds afterwards. */
  readonly from?: Oid
  readonly tree: Oid
  readonly commit: Oid | null
  readonly paths: readonly TreePath[]
}
