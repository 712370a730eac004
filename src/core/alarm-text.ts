import type { AlarmView } from './alarm.ts'
import { limit } from './limit.ts'

/** An alarm for people: what changed, and how. */
export function alarmLines({ id, kind, subject, agents, before, after }: AlarmView): string[] {
  const who = agents.length === 0 ? '' : `, while ${agents.join(', ')} worked`
  return [printable(`${id}  ${subject} (${kind}${who})`), ...marked('-', before), ...marked('+', after)]
}

function marked(mark: string, text: string | null): string[] {
  if (text === null) return [`    ${mark} (absent)`]
  const lines = text.replace(/\n+$/, '').split('\n')
  const shown = lines.slice(0, limit.alarmLinesShown).map((line) => `    ${mark} ${printable(line)}`)
  return lines.length > shown.length ? [...shown, `    ${mark} …`] : shown
}

/** Text of strangers: characters that control a terminal, or that nobody sees, are replaced. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '�')
}
