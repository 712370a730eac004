import type { NoticeView } from '../../core/notice.ts'
import { type Command, wordAtMost } from '../command.ts'
import { printable } from '../text/run.ts'

export const restoreRef: Command = {
  name: 'restore-ref',
  usage: '[NAME]',
  summary:
    'Puts back a branch, a tag or the stash that was lost while agents worked; without NAME lists them',
  options: {},
  run: async (invocation) => {
    const { repo } = invocation
    const name = wordAtMost(invocation, 'NAME')
    const { refs } = await invocation.ask('restoreRef', { repo, name })
    invocation.print({ refs }, () => textOf(refs, name !== null))
    return 0
  },
}

function textOf(refs: readonly NoticeView[], restored: boolean): string {
  if (refs.length === 0) return 'No branch, tag or stash entry was lost while agents worked.'
  if (restored) return refs.map(({ name, before }) => `${printable(name)} is ${before} again.`).join('\n')
  return refs
    .map(({ name, before, after, agents, at }) => {
      const now = after === null ? 'gone' : `now ${after.slice(0, 12)}`
      return `${printable(name)}  was ${before.slice(0, 12)}, ${now}  seen ${at} while ${agents.map(printable).join(', ')} worked`
    })
    .join('\n')
}
