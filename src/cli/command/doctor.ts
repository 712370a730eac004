import { type Command, noWords } from '../command.ts'
import { printable } from '../text/run.ts'

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  summary: 'What this machine has and lacks for Kage; needs no daemon',
  options: {},
  run: async (invocation) => {
    noWords(invocation)
    const report = await invocation.examineMachine()
    invocation.print(report, () =>
      report.checks
        .map(({ name, ok, detail, hint }) => {
          const advice = ok && hint === '' ? '' : `\n      ${printable(hint)}`
          return `${ok ? '✓' : '✗'} ${name.padEnd(12)} ${printable(detail)}${advice}`
        })
        .join('\n'),
    )
    return report.ok ? 0 : 1
  },
}
