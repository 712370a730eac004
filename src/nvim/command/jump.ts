import { KageError } from '../../core/error.ts'
import { wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import { choose, findSubject, runsOfCall } from '../subject.ts'
import { showWorktree, worktreesOf } from '../worktree.ts'

export const jump: EditorCommand = {
  name: 'jump',
  usage: '[AGENT]',
  summary: 'An agent’s worktree, in a tab page of its own; without a name from there, back to where you were',
  run: async (context, call) => {
    const [name] = wordsOf(call)
    if (name === undefined && call.agent !== null) return void (await context.editor.ask('tab', 'back'))
    const { state, runs } = await runsOfCall(context, call)
    const all = worktreesOf(runs)
    if (name === undefined) {
      if (all.length === 0)
        throw new KageError(
          'KAGE_WORKTREE_MISSING',
          'No agent has a worktree here.',
          ':KageSpawn starts some.',
        )
      const chosen = await choose(context, 'Kage: whose worktree?', all)
      return chosen === null ? undefined : showWorktree(context, call, chosen)
    }
    const named = findSubject(state, runs, name)
    const found =
      named === null
        ? undefined
        : all.find(({ id, run }) => id === named.id || (named.agent === null && run.id === named.run.id))
    if (found === undefined)
      throw new KageError(
        'KAGE_AGENT_UNKNOWN',
        `No agent "${name}" has a worktree here.`,
        ':KageJump lists them.',
      )
    return showWorktree(context, call, found)
  },
}
