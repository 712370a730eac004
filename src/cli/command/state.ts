import { type Command, noWords } from '../command.ts'

export const state: Command = {
  name: 'state',
  usage: '[--at SEQ|TIME]',
  summary: 'The folded state, now or as it was',
  options: { at: { type: 'string' } },
  run: async (invocation) => {
    noWords(invocation)
    const result = await invocation.ask('state', { at: invocation.text('at') })
    invocation.print(result, () => JSON.stringify(result, null, 2))
    return 0
  },
}
