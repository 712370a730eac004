import { resolve } from 'node:path'
import { type Command, wordAtMost } from '../command.ts'

export const trust: Command = {
  name: 'trust',
  usage: '[PATH]',
  summary:
    "Allows the commands in a repository's .kage.toml, and its git settings that name programs, until they change",
  options: {},
  run: async (invocation) => {
    const word = wordAtMost(invocation, 'PATH')
    const result = await invocation.ask('trust', { path: word === null ? invocation.repo : resolve(word) })
    invocation.print(result, () => `Trusted ${result.path} as it is now.`)
    return 0
  },
}
