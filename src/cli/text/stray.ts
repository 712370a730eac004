import type { StrayView } from '../../core/protocol/view.ts'
import { printable } from './run.ts'

/** Agents that the store does not know, for people, with what can be done. */
export function strayLines(strays: readonly StrayView[]): string[] {
  if (strays.length === 0) return []
  return [
    '',
    'Not in the store, which was lost or is an older copy (`kage clean RUN --force` ends them and keeps their files):',
    ...strays.flatMap(({ id, worktree, processes }) => [
      `    ${printable(id)}  ${worktree === null ? 'no worktree' : printable(worktree)}`,
      ...processes.map(
        ({ pid, command }) => `      process ${pid} still runs: ${printable(command).slice(0, 60)}`,
      ),
    ]),
  ]
}
