import { agentKinds, isRun } from './agent/kind.ts'
import { reduceAgent } from './agent/transition.ts'
import { withArchived } from './archive/archive.ts'
import { withArchivedIn } from './archive/repository.ts'
import { isUnderWay, withCheckedTree } from './check.ts'
import { withComment, withoutSent } from './comment.ts'
import type { EventData, KageEvent } from './event.ts'
import { joinKept } from './kept.ts'
import { decisionChange, decisionsOf, joinPending, pendingAfter, wantedDecisions } from './landing.ts'
import { withAcknowledged, withAlarms } from './alarm.ts'
import { limit } from './limit.ts'
import { withKnownLoss } from './loss.ts'
import { withMoved } from './moved.ts'
import { withNotices, withRestored } from './notice.ts'
import { remembering } from './remembered.ts'
import type { AgentState, LandingState, Pending, RunState, State } from './state.ts'

/** The state after one more event; every reader of events folds with this function, or with `foldWith` where runs were brought back. */
export function reduce(state: State, event: KageEvent): State {
  const next = { ...state, seq: event.seq }
  switch (event.type) {
    case 'run.started':
      return withRun(next, newRun(event, event.data))
    case 'regions.numbered':
      return changeRun(next, event.run, (run) => ({ ...run, regions: [...run.regions, ...event.data.keys] }))
    case 'alarm.raised':
      return changeRun(next, event.run, (run) => withAlarms(run, event.at, event.data.alarms))
    case 'alarm.acknowledged':
      return changeRun(next, event.run, (run) => withAcknowledged(run, event.data.ids))
    case 'notice.raised':
      return changeRun(next, event.run, (run) => withNotices(run, event.at, event.data.notices))
    case 'ref.restored':
      return changeRun(next, event.run, (run) => withRestored(run, event.data.ids))
    case 'decisions.changed':
      return changeRun(next, event.run, (run) => withDecisions(run, event.data))
    case 'comment.written':
      return changeRun(next, event.run, (run) => withWritten(run, event.data))
    case 'message.sent':
      return changeRun(next, event.run, (run) => withSent(toAgents(run, event), event))
    case 'conflict.resolved':
      return withResolutions(next, event.data)
    case 'repository.moved':
      return withMoved(next, event.data)
    case 'run.archived':
      return withoutRun(next, event.run ?? '')
    case 'run.reopened':
      return changeRun(next, event.run, (run) => ({ ...run, reopened: event.at }))
    case 'daemon.started':
      return withFreshAttempts(withoutUnderWay({ ...next, startedSeq: event.seq }))
    case 'result.checked':
      return withChecked(next, event.data)
    case 'store.reverted':
      return { ...next, reverted: { ...next.reverted, [event.seq]: { ...event.data, at: event.at } } }
    case 'loss.acknowledged':
      return { ...next, reverted: withKnownLoss(next.reverted, event.data.events) }
    case 'merge.prepared':
      return withLanding(next, { ...event.data, run: event.run ?? '', at: event.at, phase: 'prepared' })
    case 'merge.landed':
      return landed(changeLanding(next, event.data.undo, { phase: 'landed' }), event.data.undo)
    case 'merge.dropped':
      return changeLanding(next, event.data.undo, { phase: 'dropped' })
    case 'merge.stuck':
      return changeLanding(next, event.data.undo, { stuck: event.data.message })
    case 'merge.undoing':
      return changeLanding(next, event.data.undo, { phase: 'undoing', command: event.data.command })
    case 'merge.undone':
      return undone(next, event.data.undo)
    case 'merge.kept':
      return changeLanding(next, event.data.undo, { phase: 'landed' })
    default:
      return changeRun(next, event.run, (run) => toAgents(run, event))
  }
}

function toAgents(run: RunState, event: KageEvent): RunState {
  const toAgent = (agent: AgentState): AgentState =>
    event.agent === null || agent.name === event.agent ? reduceAgent(agent, event) : agent
  return { ...run, agents: run.agents.map(toAgent) }
}

function newRun(event: KageEvent, data: EventData['run.started']): RunState {
  const { agents, task, ...rest } = data
  return {
    ...rest,
    id: event.run ?? '',
    at: event.at,
    seq: event.seq,
    task: task.slice(0, limit.taskHeadCharacters),
    taskWhole: task.length <= limit.taskHeadCharacters,
    alarms: [],
    notices: [],
    agents: agents.map((plan) => ({
      ...plan,
      model: plan.model ?? null,
      desired: isRun(plan) ? 'running' : 'stopped',
      status: isRun(plan) ? 'queued' : 'done',
      reason: isRun(plan) ? 'waits for its worktree' : 'a revision to compare',
      source: 'kage',
      since: event.at,
      attempt: 1,
      restart: plan.restart ?? 'temporary',
      restarts: [],
      restartWaitMs: 0,
      stalled: null,
      spool: 'two',
      gitDir: null,
      gitKind: null,
      worktreeState: 'absent',
      pane: null,
      paneLost: null,
      process: null,
      interrupted: false,
      exit: null,
      published: null,
      branchProblem: null,
      publishedSince: null,
      startedAt: null,
      captureProblem: null,
      failures: {},
      outbox: 0,
      turns: 0,
      tokensIn: 0,
      tokensOut: 0,
      costUsd: agentKinds[plan.kind].costKnown ? 0 : null,
      activity: '',
      summary: null,
      question: null,
      trouble: null,
    })),
    reopened: null,
    regions: [],
    pending: {},
    kept: {},
    comments: {},
  }
}

/** A run that is archived leaves a row, and its landings with it. */
function withoutRun(state: State, id: string): State {
  const run = state.runs[id]
  if (run === undefined) return state
  const { [id]: _, ...runs } = state.runs
  const own = Object.values(state.landings).filter((landing) => landing.run === id)
  const others = Object.entries(state.landings).filter(([, landing]) => landing.run !== id)
  return {
    ...state,
    runs,
    landings: own.length === 0 ? state.landings : Object.fromEntries(others),
    archive: withArchived(state.archive, run, own, state.seq),
    repositories: withArchivedIn(state.repositories, run, own),
  }
}

function withDecisions(run: RunState, change: EventData['decisions.changed']): RunState {
  const { target, kept, unkept } = change
  const before = run.pending[target] ?? { removed: [], added: [] }
  const after = { ...run, pending: { ...run.pending, [target]: joinPending(before, change) } }
  if (kept === undefined && unkept === undefined) return after
  return { ...after, kept: { ...run.kept, [target]: joinKept(run.kept[target] ?? [], change) } }
}

function withWritten(run: RunState, { target, ...comment }: EventData['comment.written']): RunState {
  const comments = withComment(run.comments[target] ?? [], comment)
  return { ...run, comments: { ...run.comments, [target]: comments } }
}

/** What was said in a comment is said; what an agent did not take is still to be sent. */
function withSent(run: RunState, { agent, data }: Extract<KageEvent, { type: 'message.sent' }>): RunState {
  const { comments: ids = [], outcome } = data
  if (ids.length === 0 || agent === null || outcome === 'refused') return run
  const left = Object.entries(run.comments).map(([target, comments]) => {
    return [target, withoutSent(comments, { agent, ids })] as const
  })
  return { ...run, comments: Object.fromEntries(left) }
}

function withResolutions(state: State, { repository, resolutions }: EventData['conflict.resolved']): State {
  const said = remembering(state.resolutions[repository], resolutions)
  return { ...state, resolutions: { ...state.resolutions, [repository]: said } }
}

function withChecked(state: State, { repository, ...checked }: EventData['result.checked']): State {
  const trees = withCheckedTree(state.checked[repository] ?? [], checked)
  return { ...state, checked: { ...state.checked, [repository]: trees } }
}

/** What was under way when a daemon ended is not any more. */
function withoutUnderWay(state: State): State {
  const trees = Object.values(state.checked).flat()
  if (!trees.some(isUnderWay)) return state
  const checked = Object.entries(state.checked).map(([repository, each]) => {
    return [repository, each.filter((tree) => !isUnderWay(tree))] as const
  })
  return { ...state, checked: Object.fromEntries(checked) }
}

/** A new daemon attempts again what an earlier one gave up. */
function withFreshAttempts(state: State): State {
  const failing = Object.values(state.runs).filter(({ agents }) => agents.some(hasFailures))
  const mended = failing.map((run): [string, RunState] => [run.id, freshRun(run)])
  return mended.length === 0 ? state : { ...state, runs: { ...state.runs, ...Object.fromEntries(mended) } }
}

/** A run of which what an earlier daemon gave up is attempted again. */
export function freshRun(run: RunState): RunState {
  const agents = run.agents.map((agent) =>
    hasFailures(agent) ? { ...agent, failures: {}, captureProblem: null } : agent,
  )
  return { ...run, agents }
}

function hasFailures({ failures, captureProblem }: AgentState): boolean {
  return captureProblem !== null || Object.keys(failures).length > 0
}

/** What has landed is no longer pending; what was decided otherwise stays. */
function landed(state: State, undo: string): State {
  return reviewTargets(state, undo).reduce(settlePending, state)
}

/** An undo takes nothing of what was landed from a review out of it: that is pending again, as it was. */
function undone(before: State, undo: string): State {
  const after = changeLanding(before, undo, { phase: 'undone' })
  const { run, review } = before.landings[undo] ?? {}
  const settled = reviewTargets(before, undo).reduce(settlePending, after)
  if (run === undefined || review === undefined) return settled
  const wanted = wantedDecisions(before, run, review)
  return setPending(settled, run, review, decisionChange(decisionsOf(after, run, review), wanted))
}

interface ReviewTarget {
  readonly run: string
  readonly target: string
}

/** The targets for which a landing changes what has landed. */
function reviewTargets(state: State, undo: string): ReviewTarget[] {
  const landing = state.landings[undo]
  if (landing === undefined) return []
  const { run, target, review } = landing
  return [...new Set(review === undefined ? [target] : [target, review])].map((each) => ({
    run,
    target: each,
  }))
}

function settlePending(state: State, { run, target }: ReviewTarget): State {
  const before = state.runs[run]?.pending[target]
  if (before === undefined) return state
  return setPending(state, run, target, pendingAfter(before, decisionsOf(state, run, target)))
}

function setPending(state: State, id: string, target: string, pending: Pending): State {
  return changeRun(state, id, (run) => ({ ...run, pending: { ...run.pending, [target]: pending } }))
}

function changeRun(state: State, id: string | null, change: (run: RunState) => RunState): State {
  const run = id === null ? undefined : state.runs[id]
  return run === undefined ? state : withRun(state, change(run))
}

function withRun(state: State, run: RunState): State {
  return { ...state, runs: { ...state.runs, [run.id]: run } }
}

function changeLanding(state: State, undo: string, change: Partial<LandingState>): State {
  const before = state.landings[undo]
  if (before === undefined) return state
  const { stuck: _stuck, ...landing } = before
  return withLanding(state, { ...landing, ...change })
}

function withLanding(state: State, landing: LandingState): State {
  return { ...state, landings: { ...state.landings, [landing.undo]: landing } }
}
