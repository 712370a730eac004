// The one table of stored events: for each type its version, its shape and the upcasts from earlier versions. A new type
// is one line in `event.ts` and one row here; a shape that changes its meaning gets an upcast. New optional keys need
// neither, but belong into the shape. No row is ever removed.
import * as v from 'valibot'
import { actionTypes } from '../action.ts'
import type { EventData, EventType } from '../event.ts'
import {
  alarmShape,
  captureShape,
  checkedTreeShape,
  decisionShape,
  landingShape,
  noticeShape,
  resolutionShape,
  runShape,
} from './shapes.ts'
import { format, type Format } from './versioned.ts'

type Row<T extends EventType> = Format<EventData[T]>

const text = v.string()
const number = v.number()
const texts = v.array(text)
const outbox = v.exactOptional(number)
const by = v.object({ by: text })
const message = v.object({ message: text })
const nothing = v.object({})
const undo = v.object({ undo: text })
const server = v.object({ socket: text, pid: number, startedAt: number })
const program = v.object({ pid: number, startTicks: number, bootId: text, launcherPid: number })
const usage = v.object({
  inputTokens: number,
  cachedTokens: number,
  outputTokens: number,
  estimated: v.boolean(),
})

export const eventTable: { readonly [T in EventType]: Row<T> } = {
  'daemon.started': format(v.object({ version: text, pid: number, epoch: number })),
  'daemon.stopped': format(v.object({ reason: text })),
  'run.started': format(runShape),
  'run.cleaning': format(v.object({ force: v.boolean() })),
  'run.archived': format(v.object({ reason: v.picklist(['cleaned', 'age']) })),
  'run.reopened': format(nothing),
  'worktree.added': format(v.object({ gitDir: text, kind: v.exactOptional(v.picklist(['own', 'linked'])) })),
  'work.parked': format(
    v.object({ path: text, kind: v.picklist(['nested', 'large', 'filtered', 'refs']), place: text }),
  ),
  'worktree.lost': format(message),
  'branch.deleted': format(v.object({ branch: text, commit: text, parked: v.exactOptional(text) })),
  'worktree.removed': format(nothing),
  'worktree.kept': format(message),
  'pane.opened': format(
    v.object({ server, pane: text, attempt: number, gate: text, spool: v.exactOptional(v.literal('two')) }),
  ),
  'pane.lost': format(message),
  'pane.closed': format(nothing),
  'agent.started': format(v.object({ process: program })),
  'agent.reported': format(v.object({ status: v.picklist(['working', 'waiting']), message: text, outbox })),
  'agent.turned': format(
    v.object({ turn: number, model: text, usage, costUsd: v.nullable(number), durationMs: number, outbox }),
  ),
  'agent.said': format(v.object({ text, outbox })),
  'tool.called': format(v.object({ tool: text, subject: text, ok: v.boolean(), durationMs: number, outbox })),
  'provider.failed': format(
    v.object({ kind: text, message: text, attempt: number, waitMs: v.nullable(number), outbox }),
  ),
  'message.heard': format(v.object({ id: v.nullable(text), text, outbox })),
  'agent.finished': format(v.object({ summary: text, outbox })),
  'report.refused': format(v.object({ message: text, outbox })),
  'agent.interrupted': format(by),
  'agent.paused': format(by),
  'agent.resumed': format(by),
  'agent.requeued': format(v.object({ by: text, attempt: number })),
  'agent.restarting': format(v.object({ attempt: number, restart: number, waitMs: number, message: text })),
  'restart.refused': format(v.object({ message: text })),
  'agent.stalled': format(v.object({ lastSign: text, message: text })),
  'agent.stirred': format(v.object({})),
  'agent.stopping': format(by),
  'agent.exited': format(
    v.object({
      code: v.nullable(number),
      signal: v.nullable(text),
      source: v.picklist(['exit file', 'tmux', 'process table']),
      message: text,
      output: v.exactOptional(text),
    }),
  ),
  'agent.failed': format(v.object({ code: text, message: text })),
  'action.failed': format(
    v.object({ action: v.picklist(actionTypes), attempt: number, code: text, reason: text }),
  ),
  'agent.doubted': format(message),
  'message.sent': format(
    v.object({
      outcome: v.picklist(['submitted', 'staged', 'refused', 'unverified']),
      bytes: number,
      id: v.exactOptional(text),
      comments: v.exactOptional(texts),
    }),
  ),
  'candidate.captured': format(captureShape),
  'candidate.failed': format(message),
  'candidate.lost': format(message),
  'branch.published': format(v.object({ commit: text, tip: text, problem: v.exactOptional(text) })),
  'branch.left': format(v.object({ commit: v.nullable(text), message: text })),
  'regions.numbered': format(v.object({ keys: texts })),
  'decisions.changed': format(
    v.object({
      target: text,
      removed: v.array(decisionShape),
      added: v.array(decisionShape),
      kept: v.exactOptional(texts),
      unkept: v.exactOptional(texts),
    }),
  ),
  'comment.written': format(v.object({ target: text, id: text, agents: texts, place: text, message: text })),
  'conflict.resolved': format(
    v.object({
      repository: text,
      resolutions: v.array(v.object({ key: text, resolution: resolutionShape })),
    }),
  ),
  'result.checked': format(v.intersect([v.object({ repository: text }), checkedTreeShape])),
  'merge.prepared': format(landingShape),
  'merge.landed': format(undo),
  'merge.dropped': format(v.object({ undo: text, message: text, foreign: texts })),
  'merge.stuck': format(v.object({ undo: text, message: text })),
  'merge.undoing': format(v.object({ undo: text, command: text })),
  'merge.undone': format(undo),
  'merge.kept': format(v.object({ undo: text, message: text })),
  'alarm.raised': format(v.object({ alarms: v.array(alarmShape) })),
  'alarm.acknowledged': format(v.object({ ids: texts })),
  'notice.raised': format(v.object({ notices: v.array(noticeShape) })),
  'ref.restored': format(v.object({ ids: texts })),
  'repository.moved': format(v.object({ repository: text, from: text, to: text })),
  'repository.altered': format(v.object({ parts: texts })),
  'event.lost': format(v.object({ reason: text })),
  'store.reverted': format(v.object({ from: number, to: number, run: number, undo: number })),
  'loss.acknowledged': format(v.object({ events: v.array(v.tuple([number, number])) })),
  'event.unreadable': format(v.object({ type: text, reason: text })),
}

/** Grows with every row and every upcast, so that a store which a newer Kage wrote is known by it. */
export const eventFormat: number = Object.values(eventTable).reduce((sum, { version }) => sum + version, 0)
