import type { Problem, Verified } from '../../core/protocol/health.ts'
import { type Command, type Invocation, noWords } from '../command.ts'
import { printable } from '../text/run.ts'

export const verify: Command = {
  name: 'verify',
  usage: '[--accept]',
  summary:
    "Checks Kage's store: every event, the stored state, journals of landings; needs no daemon. --accept: you know of the events that are lost, and are not told again",
  options: { accept: { type: 'boolean' } },
  run: async (invocation) => {
    noWords(invocation)
    const found = invocation.flag('accept') ? await accepted(invocation) : await invocation.verifyStore()
    const { lost: _lost, ...document } = found
    invocation.print(document, () => textOf(found))
    return found.ok ? 0 : 1
  },
}

/** A daemon that starts notes what the store has lost, so it comes before the look. */
async function accepted(invocation: Invocation): Promise<Verified> {
  await invocation.ask('status', {})
  const { lost = [] } = await invocation.verifyStore()
  if (lost.length > 0) await invocation.ask('accept', { events: lost, command: crypto.randomUUID() })
  return invocation.verifyStore()
}

function textOf({ ok, problems, acknowledged = [] }: Verified): string {
  const known = acknowledged.map((problem) => `! ${lineOf(problem)} You acknowledged it.`)
  if (ok) return [...known, known.length === 0 ? 'The store is whole.' : 'All else is whole.'].join('\n')
  return [...known, ...problems.map((problem) => `✗ ${lineOf(problem)}`), ...nextSteps(problems)].join('\n')
}

function lineOf({ kind, message }: Problem): string {
  return `${kind.padEnd(10)} ${printable(message)}`
}

function nextSteps(problems: readonly Problem[]): string[] {
  const isLoss = ({ kind }: Problem): boolean => kind === 'lost' || kind === 'unreadable'
  const loss = problems.filter(isLoss)
  const told = ['more', 'journal']
  const rest = problems.filter((problem) => !isLoss(problem) && !told.includes(problem.kind))
  return [
    ...(rest.length === 0 ? [] : ['`kage doctor --salvage` keeps every whole event and the damaged file.']),
    ...(loss.length === 0 ? [] : ['`kage verify --accept` acknowledges what is lost for good.']),
  ]
}
