import * as v from 'valibot'
import type { EventData, EventDraft } from '../event.ts'
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

const schema: v.GenericSchema<unknown, Report> = v.variant('type', [
  v.object({
    type: v.literal('agent.reported'),
    data: v.object({ status: v.picklist(['working', 'waiting']), message: text }),
  }),
  v.object({
    type: v.literal('agent.turned'),
    data: v.object({ turn: count, model: line, usage, costUsd: v.nullable(count), durationMs: count }),
  }),
  v.object({ type: v.literal('agent.said'), data: v.object({ text }) }),
  v.object({
    type: v.literal('tool.called'),
    data: v.object({ tool: line, subject: line, ok: v.boolean(), durationMs: count }),
  }),
  v.object({
    type: v.literal('provider.failed'),
    data: v.object({ kind: line, message: text, attempt: count, waitMs: v.nullable(count) }),
  }),
  v.object({
    type: v.literal('message.heard'),
    data: v.object({ id: v.nullable(line), text }),
  }),
  v.object({ type: v.literal('agent.finished'), data: v.object({ summary: text }) }),
])

/** The event that a line of an agent's outbox tells; what is no report is an event that says so. */
export function eventOfReport(run: string, agent: string, line: string, outbox: number): EventDraft {
  const result = v.safeParse(schema, parsed(line))
  if (!result.success) {
    const message = result.issues[0]?.message ?? 'no report'
    return draft('report.refused', run, agent, { message, outbox })
  }
  const { type, data } = result.output
  return { type, run, agent, data: { ...data, outbox } } as EventDraft
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
