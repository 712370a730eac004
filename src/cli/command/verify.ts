import type { Problem } from '../../core/protocol/health.ts'
import { type Command, noWords } from '../command.ts'
import { printable } from '../text/run.ts'

export const verify: Command = {
  name: 'verify',
  usage: '',
  summary: "Checks Kage's store: every event, the stored state, journals of landings; needs no daemon",
  options: {},
  run: async (invocation) => {
    noWords(invocation)
    const found = await invocation.verifyStore()
    invocation.print(found, () =>
      found.ok ? 'The store is whole.' : problemLines(found.problems).join('\n'),
    )
    return found.ok ? 0 : 1
  },
}

function problemLines(problems: readonly Problem[]): string[] {
  return [
    ...problems.map(({ kind, message }) => `✗ ${kind.padEnd(10)} ${printable(message)}`),
    '`kage doctor --salvage` keeps every whole event and the damaged file.',
  ]
}
