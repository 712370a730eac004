import { KageError } from '../../core/error.ts'
import type { EditorCommand } from '../command.ts'
import { runsOfCall } from '../subject.ts'
import { showWorktree, worktreesOf } from '../worktree.ts'

/** Goes through the worktrees of the repository's agents, round and round. */
export function walk(name: string, step: 1 | -1, summary: string): EditorCommand {
  return {
    name,
    usage: '',
    summary,
    run: async (context, call) => {
      const all = worktreesOf((await runsOfCall(context, call)).runs)
      const here = all.findIndex(({ id }) => id === call.agent)
      const from = here === -1 && step === -1 ? 0 : here
      const next = all[(from + step + all.length) % all.length]
      if (next === undefined)
        throw new KageError(
          'KAGE_WORKTREE_MISSING',
          'No agent has a worktree here.',
          ':KageSpawn starts some.',
        )
      return showWorktree(context, call, next)
    },
  }
}
