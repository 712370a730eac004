import type { EventDraft } from './event.ts'
import { isReport } from './protocol/report.ts'
import type { Redact } from './redact.ts'

/**
 * An event without secrets, as it may be written down: everything in what an agent tells, and elsewhere what is said in
 * words. Names, paths, commands and the content of files mean what they are, so they stay.
 */
export function redactEvent(draft: EventDraft, redact: Redact): EventDraft {
  const data = isReport(draft.type) ? inAll(draft.data, redact) : inWords(draft.data, redact)
  return data === draft.data ? draft : ({ ...draft, data } as EventDraft)
}

/** The fields that hold words of people and programs, in whatever event. */
const wordsOf: readonly string[] = ['task', 'message', 'reason', 'output']

function inWords(data: object, redact: Redact): object {
  const changed = Object.entries(data).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'string' || !wordsOf.includes(name)) return []
    const text = redact(value)
    return text === value ? [] : [[name, text]]
  })
  return changed.length === 0 ? data : { ...data, ...Object.fromEntries(changed) }
}

function inAll<T>(value: T, redact: Redact): T {
  if (typeof value === 'string') return redact(value) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, inAll<unknown>(part, redact)]),
  ) as T
}
