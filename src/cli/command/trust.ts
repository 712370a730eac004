import { resolve } from 'node:path'
import { type Command, wordAtMost } from '../command.ts'
import { printable } from '../text/run.ts'

export const trust: Command = {
  name: 'trust',
  usage: '[PATH]',
  summary:
    "Allows the commands in a repository's .kage.toml, its git settings that name programs, and your git filters, until they change",
  options: {},
  run: async (invocation) => {
    const word = wordAtMost(invocation, 'PATH')
    const result = await invocation.ask('trust', { path: word === null ? invocation.repo : resolve(word) })
    const filters = result.filters.map(
      ({ name, settings }) => `It may run the filter ${printable(name)}: ${printable(settings.join(', '))}`,
    )
    invocation.print(result, () => [`Trusted ${result.path} as it is now.`, ...filters].join('\n'))
    return 0
  },
}
