import type { KageEvent } from '../../src/core/event.ts'
import type { Report } from '../../src/core/protocol/report.ts'

/** Words of a script that append a line to the script's own outbox. */
export function tell(line: string): string {
  return `printf '%s\\n' '${line.replaceAll("'", `'\\''`)}' >> "\${KAGE_TASK_FILE%/*}/outbox"`
}

/** A report as a line of an outbox. */
export function lineOf<T extends Report['type']>(
  type: T,
  data: Extract<Report, { readonly type: T }>['data'],
): string {
  return JSON.stringify({ type, data })
}

/** A call of a tool about that subject. */
export function called(subject: string): string {
  return lineOf('tool.called', { tool: 'run', subject, ok: true, durationMs: 1 })
}

/** What an agent's calls were about, in the order of the events. */
export function subjectsOf(events: readonly KageEvent[], agent: string): string[] {
  return events.flatMap((event) =>
    event.type === 'tool.called' && event.agent === agent ? [event.data.subject] : [],
  )
}
