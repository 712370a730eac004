import { type Command, noWords } from '../command.ts'
import { runLines } from '../text/run.ts'
import { strayLines } from '../text/stray.ts'

export const ls: Command = {
  name: 'ls',
  usage: '[--all]',
  summary: 'The active and the last 10 runs of this repository; --all: every run of all repositories',
  options: { all: { type: 'boolean' } },
  run: async (invocation) => {
    noWords(invocation)
    const { runs, warnings, strays } = await invocation.ask('ls', {
      repo: invocation.repo,
      all: invocation.flag('all'),
    })
    for (const warning of warnings) invocation.warn(warning)
    const document = strays === undefined ? { runs } : { runs, strays }
    invocation.print(document, () => {
      const lines = runs.length === 0 ? ['No runs here yet.'] : runs.flatMap(runLines)
      return [...lines, ...strayLines(strays ?? [])].join('\n')
    })
    return 0
  },
}
