import { type Command, noWords } from '../command.ts'
import { sizeText } from '../text/size.ts'

export const gc: Command = {
  name: 'gc',
  usage: '',
  summary: "Packs Kage's own copy of this repository and removes what nothing needs any more",
  options: {},
  run: async (invocation) => {
    noWords(invocation)
    const { freedBytes } = await invocation.ask('gc', { repo: invocation.repo })
    invocation.print({ freedBytes }, () => `Freed ${sizeText(freedBytes)}.`)
    return 0
  },
}
