import { type Command, noWords, wordAtMost } from '../command.ts'

export const undo: Command = {
  name: 'undo',
  usage: '[ID] | --list',
  summary: 'Takes a landing back, the latest or that one: only what it wrote, whole or not at all',
  options: { list: { type: 'boolean' } },
  run: async (invocation) => {
    const { repo } = invocation
    if (invocation.flag('list')) {
      noWords(invocation)
      const { undos } = await invocation.ask('undos', { repo })
      const lines = undos.map(({ id, run, at, target }) => `${id}  ${at}  ${run} → ${target}`)
      invocation.print({ undos }, () => lines.join('\n') || 'Nothing has landed that could be undone.')
      return 0
    }
    const id = wordAtMost(invocation, 'ID')
    const { restored } = await invocation.ask('undo', { repo, id, command: crypto.randomUUID() })
    invocation.print({ restored }, () => `Undone: ${restored}.`)
    return 0
  },
}
