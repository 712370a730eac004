import type { Oid } from '../../../core/merge/change.ts'
import type { Repository } from '../repository/repository.ts'
import { retryLocked } from '../command/retry.ts'
import { gitText } from '../command/text.ts'

/** A worktree as git's own list has it. */
export interface Worktree {
  readonly path: string
  readonly head: Oid | null
  /** Null when detached. */
  readonly branch: string | null
  readonly locked: boolean
  /** Its directory is gone, or leads elsewhere. */
  readonly prunable: boolean
}

/** Lists the worktrees of a repository, its main one first. */
export async function listWorktrees(repository: Repository): Promise<Worktree[]> {
  const args = ['worktree', 'list', '--porcelain', '-z']
  const { text } = await retryLocked(() => gitText(repository.place, args))
  return text
    .split('\0\0')
    .filter((record) => record !== '')
    .map(worktreeOf)
}

function worktreeOf(record: string): Worktree {
  const lines = record.split('\0')
  const valueOf = (key: string): string | null =>
    lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? null
  const has = (key: string): boolean => lines.some((line) => line === key || line.startsWith(`${key} `))
  const head = valueOf('HEAD')
  return {
    path: valueOf('worktree') ?? '',
    head: head === null || /^0+$/.test(head) ? null : head,
    branch: valueOf('branch')?.replace(/^refs\/heads\//, '') ?? null,
    locked: has('locked'),
    prunable: has('prunable'),
  }
}
