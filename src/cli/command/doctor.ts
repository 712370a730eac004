import { rangesOf } from '../../core/loss.ts'
import type { Examination } from '../../core/protocol/results.ts'
import { type Command, type Invocation, noWords } from '../command.ts'
import { printable } from '../text/run.ts'

export const doctor: Command = {
  name: 'doctor',
  usage: '[--salvage]',
  summary:
    'What this machine has and lacks for Kage, and whether its store is whole; needs no daemon. --salvage rebuilds the store',
  options: { salvage: { type: 'boolean' } },
  run: async (invocation) => {
    noWords(invocation)
    if (invocation.flag('salvage')) return salvage(invocation)
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

async function salvage(invocation: Invocation): Promise<number> {
  const salvaged = await invocation.salvageStore()
  const { kept, lost, damaged } = salvaged
  const gone = lost.length === 0 ? '' : ` ${lost.length} are lost: ${numberWords(lost)}.`
  invocation.print(salvaged, () => `${kept} events are kept.${gone} The damaged store is now ${damaged}.`)
  return 0
}

/** Numbers in words: `3, 7-9`. */
function numberWords(numbers: readonly number[]): string {
  return rangesOf(numbers)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(', ')
}

function signOf({ ok, note }: Examination['checks'][number]): string {
  if (note === true) return '!'
  return ok ? '✓' : '✗'
}
