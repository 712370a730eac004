import { type Command, wordAtMost } from '../command.ts'

export const clean: Command = {
  name: 'clean',
  usage: '[ID] [--force]',
  summary: 'Removes worktrees and panes of ended runs; branches and snapshots remain',
  options: { force: { type: 'boolean' } },
  run: async (invocation) => {
    const id = wordAtMost(invocation, 'ID')
    const { removed } = await invocation.ask('clean', {
      repo: invocation.repo,
      id,
      force: invocation.flag('force'),
    })
    invocation.print({ removed }, () =>
      removed.length === 0 ? 'Nothing to remove.' : `Removed: ${removed.join(', ')}`,
    )
    return 0
  },
}
