import type { Examination } from '../../core/protocol/results.ts'
import { type Command, noWords } from '../command.ts'
import { printable } from '../text/run.ts'

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  summary: 'What this machine has and lacks for Kage; needs no daemon',
  options: {},
  run: async (invocation) => {
    noWords(invocation)
    const report = await invocation.examineMachine(invocation.repo)
    invocation.print(report, () =>
      report.checks
        .map((check) => {
          const advice = check.hint === '' ? [] : check.hint.split('\n')
          const lines = [`${signOf(check)} ${check.name.padEnd(13)} ${printable(check.detail)}`]
          return [...lines, ...advice.map((line) => `      ${printable(line)}`)].join('\n')
        })
        .join('\n'),
    )
    return report.ok ? 0 : 1
  },
}

function signOf({ ok, note }: Examination['checks'][number]): string {
  if (note === true) return '!'
  return ok ? '✓' : '✗'
}
