import { type Command, noWords } from '../command.ts'
import { sizeText } from '../text/size.ts'

export const du: Command = {
  name: 'du',
  usage: '',
  summary: 'Shows the disk space that the captures of each run take',
  options: {},
  run: async (invocation) => {
    noWords(invocation)
    const { totalBytes, runs } = await invocation.ask('du', { repo: invocation.repo })
    const lines = runs.map(({ run, bytes }) => `${sizeText(bytes).padStart(8)}  ${run}`)
    invocation.print({ totalBytes, runs }, () =>
      [...lines, `${sizeText(totalBytes).padStart(8)}  all`].join('\n'),
    )
    return 0
  },
}
