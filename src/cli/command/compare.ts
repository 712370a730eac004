import { type Command, UsageError } from '../command.ts'
import { runLines } from '../text/run.ts'

export const compare: Command = {
  name: 'compare',
  usage: '[--base REV] REV…',
  summary: 'Makes a run of branches, commits or worktrees that anyone made, to be compared and picked from',
  options: { base: { type: 'string' } },
  run: async (invocation) => {
    const { words, repo } = invocation
    if (words.length === 0) throw new UsageError('REV is missing.')
    const base = invocation.text('base')
    const { run } = await invocation.ask('compare', {
      repo,
      base,
      revisions: words,
      command: crypto.randomUUID(),
    })
    invocation.print({ run }, () => runLines(run).join('\n'))
    return 0
  },
}
