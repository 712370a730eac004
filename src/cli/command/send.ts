import { type Command, filled, UsageError } from '../command.ts'

export const send: Command = {
  name: 'send',
  usage: 'AGENT TEXT',
  summary: 'Brings a text to an agent and says what is known of its arrival',
  options: {},
  run: async (invocation) => {
    const [id, ...text] = invocation.words
    if (id === undefined || text.length === 0) throw new UsageError('AGENT and TEXT are needed.')
    const { outcome } = await invocation.ask('send', {
      repo: invocation.repo,
      id: filled(id, 'AGENT'),
      text: filled(text.join(' '), 'TEXT'),
      command: crypto.randomUUID(),
    })
    invocation.print({ outcome }, () => outcome)
    if (outcome === 'refused') invocation.warn(`Nothing was sent; \`kage show ${id}\` says what it does now.`)
    return outcome === 'refused' ? 1 : 0
  },
}
