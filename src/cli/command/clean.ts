import { type Command, wordAtMost } from '../command.ts'
import { printable } from '../text/run.ts'

export const clean: Command = {
  name: 'clean',
  usage: '[ID] [--force]',
  summary: 'Removes worktrees and panes of ended runs; branches and snapshots remain',
  options: { force: { type: 'boolean' } },
  run: async (invocation) => {
    const id = wordAtMost(invocation, 'ID')
    const { removed, parked } = await invocation.ask('clean', {
      repo: invocation.repo,
      id,
      force: invocation.flag('force'),
    })
    for (const { agent, path, place } of parked)
      invocation.warn(`${printable(path)} of ${agent} was moved to ${printable(place)}.`)
    invocation.print({ removed, parked }, () =>
      removed.length === 0 ? 'Nothing to remove.' : `Removed: ${removed.join(', ')}`,
    )
    return 0
  },
}
