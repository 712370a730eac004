import { type Command, filled, UsageError } from '../command.ts'
import { fetchingMissing } from '../fetch-missing.ts'
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
    const revisions = words.map((word) => filled(word, 'REV'))
    const params = { repo, base, revisions, command: crypto.randomUUID() }
    const { run, warnings } = await fetchingMissing(invocation, () => invocation.ask('compare', params))
    for (const warning of warnings) invocation.warn(warning)
    invocation.print({ run }, () => runLines(run).join('\n'))
    return 0
  },
}
