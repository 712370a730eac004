import * as v from 'valibot'
import type { EventData, EventDraft, EventType } from '../event.ts'
import { draft } from '../draft.ts'
import { limit } from '../limit.ts'

/** What an agent may tell of itself: a line of JSON in the outbox of its spool, in the words of events. */
export type Report = {
  [T in ReportType]: { readonly type: T; readonly data: Omit<EventData[T], 'outbox'> }
}[ReportType]

type ReportType =
  | 'agent.reported'
  | 'agent.turned'
  | 'agent.said'
  | 'tool.called'
  | 'provider.failed'
  | 'message.heard'
  | 'agent.finished'

const count = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e12))
const line = v.pipe(v.string(), v.maxLength(limit.reportLineCharacters))
const text = v.pipe(v.string(), v.maxLength(limit.reportTextCharacters))
const usage = v.object({
  inputTokens: count,
  cachedTokens: count,
  outputTokens: count,
  estimated: v.boolean(),
})

const reports: { readonly [T in ReportType]: v.GenericSchema<unknown, Omit<EventData[T], 'outbox'>> } = {
  'agent.reported': v.object({ status: v.picklist(['working', 'waiting']), message: text }),
  'agent.turned': v.object({
    turn: count,
    model: line,
    usage,
    costUsd: v.nullable(count),
    durationMs: count,
  }),
  'agent.said': v.object({ text }),
  'tool.called': v.object({ tool: line, subject: line, ok: v.boolean(), durationMs: count }),
  'provider.failed': v.object({ kind: line, message: text, attempt: count, waitMs: v.nullable(count) }),
  'message.heard': v.object({ id: v.nullable(line), text }),
  'agent.finished': v.object({ summary: text }),
}
const schema = v.object({ type: v.picklist(Object.keys(reports) as ReportType[]), data: v.unknown() })

/** Whether an event of that type may be told by an agent itself. */
export function isReport(type: EventType): boolean {
  return Object.hasOwn(reports, type)
}

/** The event that a line of an agent's outbox tells; what is no report is an event that says so. */
export function eventOfReport(run: string, agent: string, line: string, outbox: number): EventDraft {
  const refused = (message: string): EventDraft => draft('report.refused', run, agent, { message, outbox })
  const report = v.safeParse(schema, parsed(line))
  if (!report.success) return refused(problemOf(report.issues))
  const { type } = report.output
  const data = v.safeParse<v.GenericSchema<unknown, object>>(reports[type], report.output.data)
  if (!data.success) return refused(`${type}: ${problemOf(data.issues)}`)
  return { type, run, agent, data: { ...data.output, outbox } } as EventDraft
}

/** What is wrong and where; what was received is left out, since it may be anything. */
function problemOf([issue]: readonly v.BaseIssue<unknown>[]): string {
  const path = issue === undefined ? null : v.getDotPath(issue)
  return `no report: ${path ?? 'a line'} is not ${issue?.expected ?? 'as it has to be'}`.slice(0, 200)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
