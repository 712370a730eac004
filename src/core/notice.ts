import type { WirePath } from './merge/path.ts'
import type { RunState } from './state.ts'

/**
 * A branch or tag of the person's that was deleted or rewound, an entry of their stash that vanished, or files of a resting
 * agent's worktree that changed, while agents worked. It never refuses anything.
 */
export interface RaisedNotice {
  readonly id: string
  readonly kind: 'ref' | 'stash' | 'worktree'
  /** The ref's full name; `refs/stash` for every entry of the stash; of a worktree its agent's id. */
  readonly name: string
  /** What it named before: an object's id. Of a worktree the commit of a capture, in Kage's own repository. */
  readonly before: string
  /** What it names now; null where it is gone. */
  readonly after: string | null
  /** The agents of the run that were at work; of a worktree the ids of the others that were, of whatever run. */
  readonly agents: readonly string[]
  /** Of an entry of the stash: its words. */
  readonly message?: string
}

export interface NoticeState extends RaisedNotice {
  readonly at: string
  readonly restored: boolean
}

/** A notice as scripts see it. */
export type NoticeView = Pick<NoticeState, 'kind' | 'name' | 'before' | 'after' | 'agents' | 'at'>

/** A notice of a restored or listed worktree: the paths that changed, at most some of them, and the branch that holds them as they were. */
export interface RestorableView extends NoticeView {
  readonly paths?: readonly WirePath[]
  readonly branch?: string
}

/** Notices for people, one line each: how many refs were lost, and whose files changed. */
export function noticeLines(notices: readonly Pick<NoticeView, 'kind' | 'name' | 'agents'>[]): string[] {
  const lost = notices.filter(({ kind }) => kind !== 'worktree').length
  const names = new Set(notices.filter(({ kind }) => kind === 'worktree').map(({ name }) => name))
  const lines = [...names].map((name) => {
    const others = new Set(notices.flatMap((each) => (each.name === name ? each.agents : [])))
    return `someone changed files of ${name} after it stopped, while ${[...others].join(', ')} worked`
  })
  if (lost === 0) return lines
  return [`${lost === 1 ? 'a ref of yours was' : `${lost} refs of yours were`} lost meanwhile`, ...lines]
}

/** What can be restored in a run's repository, the oldest first. */
export function openNotices({ notices }: Pick<RunState, 'notices'>): NoticeState[] {
  return notices.filter(({ restored }) => !restored)
}

/** A notice as scripts see it. */
export function noticeView({ kind, name, before, after, agents, at }: NoticeState): NoticeView {
  return { kind, name, before, after, agents, at }
}

/** A run with further notices. */
export function withNotices(run: RunState, at: string, raised: readonly RaisedNotice[]): RunState {
  return {
    ...run,
    notices: [...run.notices, ...raised.map((notice) => ({ ...notice, at, restored: false }))],
  }
}

/** A run of whose notices these are settled. */
export function withRestored(run: RunState, ids: readonly string[]): RunState {
  const notices = run.notices.map((notice) =>
    ids.includes(notice.id) ? { ...notice, restored: true } : notice,
  )
  return { ...run, notices }
}
