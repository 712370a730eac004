// What each event means for an agent, one row per type of event. A new type does not compile without a row; `null` says that
// it means nothing for an agent.
import type { ActionType } from '../action.ts'
import type { EventType, KageEvent } from '../event.ts'
import type { AgentState } from '../state.ts'
import { exitStatus, withNewAttempt, withoutPane, withoutProcess } from './end.ts'
import { addTurn, firstLine, withTrouble } from './report.ts'
import { restartPolicy } from './restart.ts'
import { told, type ToldStatus } from './told-status.ts'

type EventOf<T extends EventType> = Extract<KageEvent, { type: T }>

/** One event's meaning for an agent, in the order in which the parts are applied. */
export interface AgentRow<T extends EventType> {
  /** What the agent reports about itself. */
  readonly report?: (agent: AgentState, event: EventOf<T>) => AgentState
  /** The effect that has succeeded, so that its failures no longer count. */
  readonly succeeded?: ActionType | 'all'
  /** The new status; null leaves it. Only `late` events change the status of an agent that has ended. */
  readonly status?: (agent: AgentState, event: EventOf<T>) => ToldStatus | null
  readonly late?: true
  /** Things that appeared or went, and what is wanted now; `hadEnded`: the agent had ended before the event. */
  readonly facts?: (agent: AgentState, event: EventOf<T>, hadEnded: boolean) => AgentState
}

export const agentRows: { readonly [T in EventType]: AgentRow<T> | null } = {
  'run.cleaning': {
    succeeded: 'all',
    facts: (agent) => ({ ...agent, desired: 'cleaned' }),
  },
  'worktree.added': {
    succeeded: 'worktree.add',
    status: () => told('starting', 'its pane is being opened', 'git'),
    facts: (agent, { data }) => ({
      ...agent,
      worktreeState: 'present',
      gitDir: data.gitDir,
      gitKind: data.kind ?? 'linked',
    }),
  },
  'worktree.lost': { facts: (agent) => ({ ...agent, worktreeState: 'lost' }) },
  'worktree.removed': {
    succeeded: 'worktree.remove',
    facts: (agent) => ({
      ...agent,
      worktreeState: agent.worktreeState === 'absent' ? 'absent' : 'removed',
    }),
  },
  'worktree.kept': {
    facts: (agent) => (agent.desired === 'cleaned' ? { ...agent, desired: 'stopped' } : agent),
  },
  'pane.opened': {
    succeeded: 'pane.open',
    status: () => told('starting', 'its pane is open, its program is being started', 'tmux'),
    facts: (agent, { data: { server, pane, gate, spool } }) => ({
      ...agent,
      pane: { server, id: pane, gate },
      paneLost: null,
      spool: spool ?? 'one',
    }),
  },
  'pane.lost': { facts: (agent, { data }) => withoutPane(agent, data.message) },
  'pane.closed': { succeeded: 'pane.close', facts: (agent) => ({ ...agent, pane: null }) },
  'agent.started': {
    succeeded: 'gate.release',
    // A report that arrived before the start was noticed is newer than the start.
    status: ({ source }) => (source === 'agent' ? null : told('working', 'its program runs', 'launcher')),
    facts: (agent, { at, data }, hadEnded) =>
      hadEnded ? agent : { ...agent, process: data.process, startedAt: at },
  },
  'agent.reported': {
    report: (agent, { data: { status, message } }) =>
      withTrouble({ ...agent, question: status === 'waiting' ? message : null }, message),
    // A report written just before the pause does not end the pause.
    status: (agent, { data }) =>
      agent.status === 'paused' ? null : told(data.status, data.message, 'agent'),
  },
  'agent.turned': { report: (agent, { data }) => addTurn(agent, data) },
  'agent.said': {
    report: (agent, { data }) => withTrouble({ ...agent, activity: firstLine(data.text) }, data.text),
  },
  'tool.called': {
    report: (agent, { data }) => ({ ...agent, activity: `${data.tool} ${data.subject}`.trimEnd() }),
  },
  'provider.failed': {
    report: (agent, { data }) => withTrouble({ ...agent, activity: firstLine(data.message) }, data.message),
  },
  'message.heard': {
    // The agent goes on with the message, so that its end is no longer that of an interrupt before it.
    facts: (agent) => ({ ...agent, interrupted: false }),
  },
  'agent.finished': {
    report: (agent, { data }) => {
      const summary = firstLine(data.summary)
      return { ...agent, activity: summary, summary }
    },
  },
  'agent.interrupted': { facts: (agent) => ({ ...agent, interrupted: true }) },
  'agent.paused': { status: (_, { data }) => told('paused', `paused by ${data.by}`, 'kage') },
  'agent.resumed': {
    status: ({ question }, { data }) =>
      question === null
        ? told('working', `resumed by ${data.by}`, 'kage')
        : told('waiting', question, 'agent'),
  },
  'agent.requeued': {
    succeeded: 'all',
    late: true,
    status: (_, { data }) => told('queued', `started again by ${data.by}`, 'kage'),
    facts: (agent, { data }) => ({
      ...withNewAttempt(agent, data.attempt),
      restarts: [],
      restartWaitMs: 0,
    }),
  },
  'agent.restarting': {
    succeeded: 'all',
    late: true,
    status: (agent, { data }) => told('queued', restartReason(agent, data), 'kage'),
    facts: (agent, { at, data: { attempt, restart, waitMs } }) => ({
      ...withNewAttempt(agent, attempt),
      restarts: [...(restart === 1 ? [] : agent.restarts.slice(1 - restart)), at],
      restartWaitMs: waitMs,
    }),
  },
  'agent.stalled': { facts: (agent, { data }) => ({ ...agent, stalled: data.lastSign }) },
  'agent.stirred': { facts: (agent) => ({ ...agent, stalled: null }) },
  'restart.refused': {
    facts: (agent, { data }) => ({ ...agent, reason: `${agent.reason}; ${data.message}` }),
  },
  'agent.stopping': { facts: (agent) => ({ ...agent, desired: 'stopped' }) },
  'agent.exited': {
    succeeded: 'process.terminate',
    status: (agent, { data }) => exitStatus(agent, data),
    facts: (agent, { data }, hadEnded) => (hadEnded ? agent : { ...withoutProcess(agent), exit: data }),
  },
  'agent.failed': {
    status: (_, { data }) => told('failed', `${data.code}: ${data.message}`, 'kage'),
    facts: withoutProcess,
  },
  'action.failed': {
    facts: (agent, { at, data: { action, attempt, code, reason } }) => ({
      ...agent,
      failures: { ...agent.failures, [action]: { attempt, code, reason, at } },
    }),
  },
  'agent.doubted': { status: (_, { data }) => told('unknown', data.message, 'process table') },
  'candidate.captured': {
    succeeded: 'candidate.capture',
    facts: (agent, { data }, hadEnded) => ({
      ...agent,
      // A last capture that was under way when the agent was started again is not its last any more.
      capture: { ...data, final: data.final && hadEnded },
      captureProblem: null,
    }),
  },
  'candidate.failed': { facts: (agent, { data }) => ({ ...agent, captureProblem: data.message }) },
  'candidate.lost': {
    succeeded: 'candidate.capture',
    late: true,
    status: (agent, { data }) => (agent.status === 'done' ? told('failed', data.message, 'git') : null),
    facts: (agent, { data }) => ({ ...agent, captureProblem: data.message }),
  },
  'branch.published': {
    succeeded: 'branch.publish',
    facts: (agent, { data: { commit, tip, problem } }) => ({
      ...agent,
      published: { commit, tip },
      branchProblem: problem ?? null,
      publishedSince: agent.since,
    }),
  },
  'branch.left': {
    succeeded: 'branch.publish',
    facts: (agent, { data }) => ({
      ...agent,
      branchProblem: data.message,
      publishedSince: agent.since,
    }),
  },
  'report.refused': null,
  'message.sent': null,
  'work.parked': null,
  'branch.deleted': null,
  'run.started': null,
  'run.archived': null,
  'run.reopened': null,
  'regions.numbered': null,
  'decisions.changed': null,
  'comment.written': null,
  'conflict.resolved': null,
  'result.checked': null,
  'merge.prepared': null,
  'merge.landed': null,
  'merge.dropped': null,
  'merge.stuck': null,
  'merge.undoing': null,
  'merge.undone': null,
  'merge.kept': null,
  'alarm.raised': null,
  'alarm.acknowledged': null,
  'notice.raised': null,
  'ref.restored': null,
  'repository.moved': null,
  'repository.altered': null,
  'daemon.started': null,
  'daemon.stopped': null,
  'store.reverted': null,
  'event.lost': null,
  'loss.acknowledged': null,
  'event.unreadable': null,
}

function restartReason(
  { reason }: AgentState,
  { restart, waitMs }: EventOf<'agent.restarting'>['data'],
): string {
  const seconds = Math.max(1, Math.round(waitMs / 1000))
  return `${reason}; Kage starts it again after ${seconds} s (${restart} of ${restartPolicy.intensity})`
}
