import type { AlarmView } from '../core/alarm.ts'
import { alarmLines } from '../core/alarm-text.ts'
import type { Context } from './context.ts'

/** Shows the alarms of a run with their differences, and acknowledges them where the person says so; false where not. */
export async function acknowledge(
  { session, questions, notices }: Context,
  {
    repo,
    run,
    alarms,
  }: { readonly repo: string; readonly run: string; readonly alarms: readonly AlarmView[] },
): Promise<boolean> {
  const lines = [
    `What makes git or a tool run programs, or read elsewhere, changed during ${run}:`,
    ...alarms.flatMap((alarm) => alarmLines(alarm)),
    'Kage uses none of it; your own git may. Acknowledged, it refuses landings no longer.',
  ]
  if (!(await questions.confirm(lines, 'acknowledge'))) return false
  const done = await session.ask('ack', { repo, id: run, command: crypto.randomUUID() })
  notices.say(`Acknowledged: ${done.alarms.map(({ subject }) => subject).join(', ')}`)
  return true
}
