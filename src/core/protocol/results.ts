import type { ActsView } from '../acts.ts'
import type { AlarmView } from '../alarm.ts'
import type { BroughtBack } from '../archive/client.ts'
import type { CheckResult } from '../check.ts'
import type { Comment } from '../comment.ts'
import type { NamedPart } from '../language/outline.ts'
import type { KageEvent, SendOutcome } from '../event.ts'
import type { LineRange } from '../merge/lines.ts'
import type { Decision, TreePath } from '../merge/change.ts'
import type { ResolutionChoice } from '../merge/conflict.ts'
import type { RegionView as MergeRegion } from '../merge/region-view.ts'
import type { WireText } from '../merge/wire.ts'
import type { RestorableView } from '../notice.ts'
import type { Pending } from '../state.ts'
import type { ReplacedView } from './replaced-view.ts'
import type { HealthView } from './health.ts'
import type { UndoView } from './undo-view.ts'
import type { Build } from './version.ts'
import type { Cleaned, DiskUsage, Trusted } from './cleaned.ts'
import type { Dropped } from './dropped.ts'
import type { AgentView, Listed, RunView } from './view.ts'

/** The answer to a hello: which daemon it is. */
export interface Hello extends Build {
  readonly pid: number
}

/** What each method of the person's socket answers. */
export interface Results {
  readonly status: DaemonStatus
  readonly shutdown: { readonly pid: number }
  readonly spawn: { readonly run: RunView; readonly warnings: readonly string[] }
  readonly compare: { readonly run: RunView; readonly warnings: readonly string[] }
  readonly ls: Listed
  readonly show: Shown
  /** `done`: whether what was waited for, the run or one agent of it, is done. */
  readonly wait: { readonly run: RunView; readonly done: boolean; readonly timedOut: boolean }
  readonly send: { readonly outcome: SendOutcome }
  readonly control: Shown
  readonly attach: Shown & { readonly argv: readonly string[] | null }
  readonly diff: { readonly patch: Uint8Array }
  readonly regions: RegionsView
  readonly blob: { readonly bytes: Uint8Array }
  readonly pick: Picked
  readonly review: Packed<ReviewAnswer>
  readonly moved: { readonly tree: string }
  readonly texts: { readonly texts: readonly { readonly blob: string; readonly bytes: Uint8Array | null }[] }
  /** The event after which the state holds it. */
  readonly decide: { readonly seq: number }
  readonly comment: { readonly seq: number }
  readonly resolve: Record<string, never>
  /** `stopped` when they were called off, and not all of them were run. */
  readonly check: {
    readonly tree: string
    readonly results: readonly CheckResult[]
    readonly stopped: boolean
    readonly warnings: readonly string[]
  }
  readonly stopChecks: Record<string, never>
  readonly land: Landed
  readonly undo: { readonly restored: string }
  readonly drop: Dropped
  readonly undos: { readonly undos: readonly UndoView[] }
  readonly log: { readonly events: readonly KageEvent[]; readonly last: number }
  readonly editorQuestion: { readonly question: string | null }
  readonly editorAnswer: { readonly ok: true }
  readonly follow: {
    readonly events: readonly KageEvent[]
    readonly last: number
    /** By the numbers of events, the runs that they brought back. */
    readonly back?: BroughtBack
  }
  readonly state: { readonly seq: number; readonly state: unknown }
  readonly branch: { readonly branch: string; readonly commit: string }
  readonly clean: Cleaned
  readonly gc: { readonly freedBytes: number }
  readonly du: DiskUsage
  readonly accept: { readonly seq: number }
  /** What was acknowledged now. */
  readonly ack: { readonly alarms: readonly AlarmView[] }
  readonly restoreRef: { readonly refs: readonly RestorableView[] }
  readonly trust: Trusted
}

export type Shown = { readonly run: RunView } | { readonly agent: AgentView }

export interface DaemonStatus {
  readonly pid: number | null
  readonly version: string | null
  readonly protocol: number | null
  readonly socket: string
  readonly uptimeMs: number | null
  readonly events: number | null
  readonly agents: number | null
  /** The check of the store after the daemon's start; null until it has ended. */
  readonly health: HealthView | null
  /** The daemon that holds the lock of the state directory, where none listens at this socket. */
  readonly holder?: { readonly pid: number; readonly socket: string }
}

/** What `kage doctor` found. */
export interface Examination {
  readonly ok: boolean
  readonly checks: readonly {
    readonly name: string
    readonly ok: boolean
    /** Nothing is lacking, but the person should know of it. */
    readonly note?: true
    readonly detail: string
    readonly hint: string
  }[]
}

export interface RegionsView {
  readonly run: string
  readonly base: string
  readonly regions: readonly RegionView[]
  /** Alarms for the person: things in the repository that could make git run code were changed. */
  readonly warnings: readonly string[]
}

/** Data that crosses the socket as one value, its JSON in UTF-8. */
export interface Packed<T> {
  readonly json: Uint8Array
  /** Never there: it tells what is packed. */
  readonly of?: T
}

/** A run's comparison in the merge engine's own words, for a client that composes its previews itself. */
export interface ReviewAnswer extends Decided {
  readonly run: string
  readonly task: string
  readonly base: string
  /** The worktree that decisions are pending for, and that they land in. */
  readonly target: string
  /** Its tree, with uncommitted and untracked work, which `clean` is told for. */
  readonly ours: string
  readonly objectFormat: 'sha1' | 'sha256'
  /** The compared agents in order, with the trees they are compared by. */
  readonly candidates: readonly { readonly agent: string; readonly tree: string }[]
  readonly regions: readonly ReviewRegion[]
  /** What has landed in the target already. */
  readonly landed: readonly Decision[]
  readonly comments: readonly Comment[]
  readonly warnings: readonly string[]
}

/** What is decided and has not landed, and where the base is kept on purpose, by the keys of regions. */
export interface Decided {
  readonly pending: Pending
  readonly kept: readonly string[]
}

export interface ReviewRegion {
  readonly id: string
  readonly region: MergeRegion
  /** Letters of the variants that land on the target as it is now. */
  readonly clean: readonly string[]
  /** Letters of variants that differ from each other only in blanks and comments, where there are such. */
  readonly alike?: readonly (readonly string[])[]
  /** The function, class or other named part of the base that a text region lies in, as far as it is known. */
  readonly part?: NamedPart | undefined
  /** Why tools act on it once it lands, like CI or coding agents. */
  readonly acts?: string
  readonly stale: boolean
  /** Something of it landed, and the person threw that away since. */
  readonly missing?: boolean
  /** The driver that git itself would merge the file by. */
  readonly mergeDriver?: string | undefined
}

export interface Landed extends Picked {
  /** What the landing wrote, as paths of the repository. */
  readonly paths: readonly TreePath[]
}

export interface RegionView {
  readonly id: string
  readonly path: string
  readonly pathEncoding?: 'base64'
  readonly kind: string
  /** The path in the base of a file that was renamed; then `path` is where the first variant moves it. */
  readonly from: string | null
  readonly fromEncoding?: 'base64'
  readonly lines: readonly [number, number] | null
  /** The function, class or other named part that the lines lie in, as far as it is known. */
  readonly name?: string | undefined
  readonly base: string | null
  readonly baseText?: string
  readonly baseEncoding?: 'utf-8' | 'base64'
  readonly variants: readonly VariantView[]
  /** Variants, by their ids, that differ from each other only in blanks and comments. */
  readonly alike?: readonly (readonly string[])[]
  /** Why tools act on it once it lands, like CI or coding agents. */
  readonly acts?: string
  readonly stale?: boolean
  /** The variant of a new file that the lines belong to, where what others made of that file can be mixed into it. */
  readonly within?: string | undefined
  /** Something of it landed in the worktree, and was thrown away since. */
  readonly missing?: boolean
  /** The driver that git itself would merge the file by; Kage merges lines. */
  readonly mergeDriver?: string | undefined
  /** Why a text is taken or left whole, where its lines could not be compared. */
  readonly reason?: string | undefined
}

export interface VariantView {
  readonly id: string
  readonly agents: readonly string[]
  /** Where a variant of a rename moves the file. */
  readonly path?: string
  readonly pathEncoding?: 'base64'
  /** The mode that a variant of a mode gives the file. */
  readonly mode?: string
  readonly blob: string | null
  readonly text?: string
  readonly encoding?: 'utf-8' | 'base64'
  readonly clean: boolean
  /** How a text differs from the base, where that is only in line ends or only in whitespace. */
  readonly spacing?: 'line-ends' | 'whitespace' | undefined
  readonly decided: boolean
}

export interface Picked {
  readonly result: 'landed' | 'conflict' | 'nothing'
  readonly tree: string
  readonly commit: string | null
  readonly undo: string | null
  readonly conflicts: readonly ConflictView[]
  /** Landed changes that this takes out of the target, because what was chosen overlaps or unpicks them. */
  readonly replaced: readonly ReplacedView[]
  /** What of it makes tools act, like CI or coding agents. */
  readonly acts?: readonly ActsView[]
  /** What a landing does not follow, in words: attributes that change with it, merge drivers. */
  readonly warnings: readonly string[]
  /** What a dry run would write. */
  readonly files?: readonly FileView[]
}

/** A file that differs, as \`git diff --stat\` counts it. */
export interface FileView {
  readonly path: string
  readonly pathEncoding?: 'base64'
  /** Where it was, if it is moved. */
  readonly from: string | null
  readonly fromEncoding?: 'base64'
  /** Its mode before and after; null where it is not there. */
  readonly modes: readonly [string | null, string | null]
  /** How many lines come and go; null for what is no text. */
  readonly lines: readonly [added: number, deleted: number] | null
}

/**
 * A path that does not merge, with what can be said to it by its `id`; paths that hang together have one. `key` names its
 * three sides, wherever they meet.
 */
export interface ConflictView {
  readonly path: string
  readonly pathEncoding?: 'base64'
  /** The path in the run's base of what was decided there, where that is another. */
  readonly from: string | null
  readonly fromEncoding?: 'base64'
  readonly kind: string
  readonly base: string | null
  readonly ours: string | null
  readonly theirs: string | null
  readonly id: string
  readonly key: string
  /** Those whose decided work is in it. */
  readonly agents: readonly string[]
  readonly choices: readonly ResolutionChoice[]
  /** What was said to the same sides before. */
  readonly remembered: RememberedView | null
  /** The parts of a text that conflict; none where the path is resolved whole. */
  readonly regions: readonly ConflictRegionView[]
}

/** Lines that conflict; all lines are 0-based, half-open. */
export interface ConflictRegionView {
  readonly id: string
  readonly key: string
  /** In the target. */
  readonly lines: LineRange
  /** In the run's base; null where the file is new. */
  readonly baseLines: LineRange | null
  readonly agents: readonly string[]
  readonly base: WireText | null
  readonly ours: WireText
  readonly theirs: WireText
  readonly remembered: RememberedView | null
}

export interface RememberedView {
  readonly choice: ResolutionChoice
  /** What was written then, where it was edited. */
  readonly text?: WireText
}
