import { type Command, filled, UsageError } from '../command.ts'

export const branch: Command = {
  name: 'branch',
  usage: 'AGENT NAME',
  summary: 'Makes a branch of an agent’s work: its commits, and one more for what is uncommitted',
  options: {},
  run: async (invocation) => {
    const [id, name, ...more] = invocation.words
    if (id === undefined || name === undefined) throw new UsageError('AGENT or NAME is missing.')
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many.`)
    const made = await invocation.ask('branch', {
      repo: invocation.repo,
      id: filled(id, 'AGENT'),
      name: filled(name, 'NAME'),
    })
    invocation.print(made, () => `${made.branch} is at ${made.commit.slice(0, 12)}.`)
    return 0
  },
}
