import { type AbsentHooks, absentHooks } from '../adapters/git/repository/absent-hooks.ts'
import { openWithSettings } from '../adapters/git/repository/repository.ts'
import type { Examination } from '../core/protocol/results.ts'

/** What the repository around a directory has that agents' worktrees lack; nothing where there is no repository. */
export async function repositoryChecks(directory: string): Promise<Examination['checks']> {
  const opened = await openWithSettings(directory).catch(() => null)
  const absent = opened === null ? null : await absentHooks(opened.repository, opened.settings)
  if (absent === null) return []
  const hint =
    'Track that directory or name it by an absolute path; agents with `git = "own"` run the hooks from yours.'
  return [{ name: 'hooks', ok: true, note: true, detail: absentHooksWords(absent), hint }]
}

/** A warning about hooks that linked worktrees do not have. */
export function absentHooksWords({ directory, hooks }: AbsentHooks): string {
  const named = hooks.length > 5 ? [...hooks.slice(0, 5), '…'] : hooks
  return `core.hooksPath is "${directory}", which git does not track: commits in linked worktrees skip ${named.join(', ')}.`
}
