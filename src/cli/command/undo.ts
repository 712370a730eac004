import type { Dropped } from '../../core/protocol/dropped.ts'
import { type Command, type Invocation, noWords, onlyWord, UsageError, wordAtMost } from '../command.ts'
import { printable } from '../text/run.ts'

export const undo: Command = {
  name: 'undo',
  usage: '[ID] [--drop] | --list',
  summary:
    'Takes a landing back, the latest or that one: only what it wrote, whole or not at all. --drop gives up one that was cut off and whose journal is damaged: nothing is written, and how each file stands is told',
  options: { list: { type: 'boolean' }, drop: { type: 'boolean' } },
  run: async (invocation) => {
    const { repo } = invocation
    if (invocation.flag('list')) return list(invocation)
    if (invocation.flag('drop')) return drop(invocation)
    const id = wordAtMost(invocation, 'ID')
    const { restored } = await invocation.ask('undo', { repo, id, command: crypto.randomUUID() })
    invocation.print({ restored }, () => `Undone: ${restored}.`)
    return 0
  },
}

async function list(invocation: Invocation): Promise<number> {
  noWords(invocation)
  if (invocation.flag('drop')) throw new UsageError('--list and --drop do not go together.')
  const { undos } = await invocation.ask('undos', { repo: invocation.repo })
  const lines = undos.map(({ id, run, at, target }) => `${id}  ${at}  ${run} → ${target}`)
  invocation.print({ undos }, () => lines.join('\n') || 'Nothing has landed that could be undone.')
  return 0
}

async function drop(invocation: Invocation): Promise<number> {
  const id = onlyWord(invocation, 'ID')
  const dropped = await invocation.ask('drop', { repo: invocation.repo, id, command: crypto.randomUUID() })
  invocation.print(dropped, () => droppedText(dropped))
  return 0
}

function droppedText({ dropped, journal, committed, ...paths }: Dropped): string {
  const groups: readonly [string, readonly string[]][] = [
    ['as landed', paths.asLanded],
    ['as before', paths.asBefore],
    ['neither', paths.neither],
    ['waiting', paths.waiting],
    ['unknown', paths.unknown],
  ]
  return [
    `${dropped} is given up; nothing was written now.`,
    ...(journal === null ? [] : [`  journal    ${journal}`]),
    ...(committed === null
      ? []
      : [`  commit     ${committed ? 'its branch has it' : 'its branch does not have it'}`]),
    ...groups.flatMap(([name, each]) => each.map((path) => `  ${name.padEnd(10)} ${printable(path)}`)),
  ].join('\n')
}
