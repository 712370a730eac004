import { alarmView, openAlarms } from '../core/alarm.ts'
import { alarmLines } from '../core/alarm-text.ts'
import { KageError } from '../core/error.ts'
import type { RunState } from '../core/state.ts'
import type { Parts } from './parts.ts'

/** Looks at a run's repository now and refuses, with KAGE_ALARM, while an alarm of the run is not acknowledged. */
export async function requireNoAlarms(parts: Parts, id: string): Promise<void> {
  await parts.watch.look(id)
  const run = parts.kernel.state.runs[id]
  const open = run === undefined ? [] : openAlarms(run)
  if (open.length === 0) return
  const lines = open.flatMap((alarm) => alarmLines(alarm))
  throw new KageError(
    'KAGE_ALARM',
    `What makes git or a tool run programs, or read elsewhere, changed during ${id}:\n${lines.join('\n')}\nNothing was changed.`,
    `Look at it, then \`kage ack ${id}\`.`,
    { alarms: open.map(alarmView) },
  )
}

/** Warnings for a run that is reviewed; nothing of what changed is used by Kage itself. */
export async function alarmWarnings(parts: Parts, { id }: Pick<RunState, 'id'>): Promise<string[]> {
  await parts.watch.look(id)
  const run = parts.kernel.state.runs[id]
  return (run === undefined ? [] : openAlarms(run)).map(
    ({ subject, id: alarm }) =>
      `${subject} is not as it was when ${id} began (alarm ${alarm}): git may run what it says. Look at it, then \`kage ack ${id}\`.`,
  )
}
