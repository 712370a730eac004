import { type Command, onlyWord } from '../command.ts'

export const diff: Command = {
  name: 'diff',
  usage: 'AGENT',
  summary: 'What an agent changed as an ordinary git patch, untracked files included',
  options: {},
  run: async (invocation) => {
    const { patch } = await invocation.ask('diff', {
      repo: invocation.repo,
      id: onlyWord(invocation, 'AGENT'),
    })
    const bytes = Buffer.from(patch)
    if (!invocation.json) {
      process.stdout.write(bytes)
      return 0
    }
    const text = bytes.toString('utf8')
    const exact = Buffer.from(text, 'utf8').equals(bytes)
    invocation.print(
      exact ? { patch: text, encoding: 'utf-8' } : { patch: bytes.toString('base64'), encoding: 'base64' },
      () => '',
    )
    return 0
  },
}
