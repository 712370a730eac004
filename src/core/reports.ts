import { draft } from './draft.ts'
import type { EventDraft, EventType } from './event.ts'
import type { ObservedReport } from './observed.ts'
import { eventOfReport, isReport } from './protocol/report.ts'
import type { AgentState } from './state.ts'

/** The facts that an agent's outbox adds; what the state has counted already is left out, and what is no report is told once for many in a row. */
export function reportEvents(
  run: string,
  agent: Pick<AgentState, 'name' | 'outbox'>,
  reports: readonly ObservedReport[],
): EventDraft[] {
  const events: EventDraft[] = []
  let refused = 0
  for (const report of reports) {
    if (report.outbox <= agent.outbox) continue
    const event = eventOf(run, agent.name, report)
    const last = events.at(-1)
    if (event.type !== 'report.refused') refused = 0
    else if (++refused > 1 && last?.type === 'report.refused') {
      const first = last.data.message.replace(/^\d+ lines: /, '')
      const { outbox } = report
      events.pop()
      events.push(draft('report.refused', run, agent.name, { message: `${refused} lines: ${first}`, outbox }))
      continue
    }
    events.push(event)
  }
  return events
}

/** Whether an event only tells what an agent did: nothing that is wanted or shown outside depends on it. */
export function isOnlyReport(type: EventType): boolean {
  return type === 'report.refused' || (isReport(type) && type !== 'agent.reported')
}

function eventOf(run: string, name: string, report: ObservedReport): EventDraft {
  const { outbox } = report
  if ('line' in report) return eventOfReport(run, name, report.line, outbox)
  return draft('report.refused', run, name, { message: report.problem, outbox })
}
