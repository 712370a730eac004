import type { RepositoryRecord } from './event.ts'

/** A directory that was moved, from one place to another. */
export interface Move {
  readonly from: string
  readonly to: string
}

/** The directory that moves with a git directory: the one around `.git`, else the git directory itself. */
export function topOf(commonDir: string): string {
  return commonDir.replace(/\/\.git$/, '')
}

/** A path after a directory was moved: below `from` it is below `to` now, elsewhere it stays. */
export function movedPath(path: string, { from, to }: Move): string {
  if (path === from) return to
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : path
}

/** What a run remembers of its repository, after the move. */
export function movedRecord<R extends Omit<RepositoryRecord, 'key'>>(record: R, move: Move): R {
  return {
    ...record,
    root: movedPath(record.root, move),
    gitDir: movedPath(record.gitDir, move),
    commonDir: movedPath(record.commonDir, move),
  }
}

/** A landing whose target, or the worktree whose review it was, lay in the directory. */
export function movedLanding<L extends { readonly target: string; readonly review?: string }>(
  landing: L,
  move: Move,
): L {
  const { target, review } = landing
  return {
    ...landing,
    target: movedPath(target, move),
    ...(review === undefined ? {} : { review: movedPath(review, move) }),
  }
}
