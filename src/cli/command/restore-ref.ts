import type { RestorableView } from '../../core/notice.ts'
import { type Command, wordAtMost } from '../command.ts'
import { printable } from '../text/run.ts'

export const restoreRef: Command = {
  name: 'restore-ref',
  usage: '[NAME]',
  summary:
    'Puts back a branch, a tag, the stash or an agent’s files that were lost while agents worked; without NAME lists them',
  options: {},
  run: async (invocation) => {
    const { repo } = invocation
    const name = wordAtMost(invocation, 'NAME')
    const { refs } = await invocation.ask('restoreRef', { repo, name })
    invocation.print({ refs }, () => textOf(refs, name !== null))
    return 0
  },
}

function textOf(refs: readonly RestorableView[], restored: boolean): string {
  if (refs.length === 0) return 'Nothing was lost while agents worked.'
  return refs.map((each) => (restored ? restoredText(each) : lostText(each))).join('\n')
}

function restoredText({ name, before, branch }: RestorableView): string {
  if (branch === undefined) return `${printable(name)} is ${before} again.`
  return `The branch ${branch} holds the files of ${printable(name)} as they were; its worktree is left as it is.`
}

function lostText({ kind, name, before, after, agents, at, paths = [] }: RestorableView): string {
  const seen = `seen ${at} while ${agents.map(printable).join(', ')} worked`
  if (kind === 'worktree') {
    const named = paths.map(({ path }) => printable(path)).join(', ')
    return `${printable(name)}  someone changed files after it stopped: ${named}  ${seen}`
  }
  const now = after === null ? 'gone' : `now ${after.slice(0, 12)}`
  return `${printable(name)}  was ${before.slice(0, 12)}, ${now}  ${seen}`
}
