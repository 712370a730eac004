import type { RunState } from './state.ts'

/** A branch or tag of the person's that was deleted or rewound, or an entry of their stash that vanished, while agents worked. It never refuses anything. */
export interface RaisedNotice {
  readonly id: string
  readonly kind: 'ref' | 'stash'
  /** The ref's full name; `refs/stash` for every entry of the stash. */
  readonly name: string
  /** What it named before: an object's id. */
  readonly before: string
  /** What it names now; null where it is gone. */
  readonly after: string | null
  /** The agents of the run that were at work. */
  readonly agents: readonly string[]
  /** Of an entry of the stash: its words. */
  readonly message?: string
}

export interface NoticeState extends RaisedNotice {
  readonly at: string
  readonly restored: boolean
}

/** A notice as scripts see it. */
export type NoticeView = Pick<NoticeState, 'name' | 'before' | 'after' | 'agents' | 'at'>

/** What can be restored in a run's repository, the oldest first. */
export function openNotices({ notices }: Pick<RunState, 'notices'>): NoticeState[] {
  return notices.filter(({ restored }) => !restored)
}

/** A notice as scripts see it. */
export function noticeView({ name, before, after, agents, at }: NoticeState): NoticeView {
  return { name, before, after, agents, at }
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
