import { alarmLines } from '../../core/alarm-text.ts'
import { noticeLines } from '../../core/notice.ts'
import type { Shown } from '../../core/protocol/results.ts'
import { agentLines, printable } from './run.ts'

/** A run with all its agents, or one agent, for people. */
export function shownText(shown: Shown): string {
  if ('agent' in shown) return agentLines(shown.agent).join('\n')
  const { run } = shown
  const head = [
    `${run.id}  ${run.status}  (${run.mode} in ${printable(run.repo)})`,
    `  base      ${run.base}`,
    `  started   ${run.at}`,
    ...run.task
      .split('\n')
      .map((line, index) => `${index === 0 ? '  task      ' : '            '}${printable(line)}`),
  ]
  const alarms = run.alarms.flatMap((alarm) => alarmLines(alarm).map((line) => `  alarm     ${line}`))
  const next = alarms.length === 0 ? [] : [`  next step Look at them, then \`kage ack ${run.id}\`.`]
  const notices = noticeLines(run.notices).map(
    (line) => `  notice    ${printable(line)}: \`kage restore-ref\``,
  )
  return [
    ...head,
    ...alarms,
    ...next,
    ...notices,
    ...run.agents.flatMap((agent) => ['', ...agentLines(agent)]),
  ].join('\n')
}
