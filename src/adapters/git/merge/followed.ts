// While one piece after the other lands, git finds a file again that the person has renamed by how much of it is alike, and may
// lose it on the way. Where it lay before the first piece landed is known: what git holds for removed is merged there.
import type { Entry, FileEdit } from '../../../core/merge/change.ts'
import type { Conflict } from '../../../core/merge/conflict.ts'
import { entriesAt } from '../object/entries.ts'
import type { Merge, MergeOutcome } from './merge.ts'
import { movedPaths } from '../diff/moved-paths.ts'
import type { Own } from '../repository/own.ts'

/** Conflicts, of which some are followed to where the person has the file, and the paths that those leave. */
export interface Followed {
  readonly conflicts: readonly Conflict[]
  readonly left: readonly FileEdit[]
}

/** Follows files that only one side has any more to where the target had them before anything landed. */
export async function followed(own: Own, merge: Merge, outcome: MergeOutcome): Promise<Followed> {
  const conflicts = outcome.clean ? [] : outcome.conflicts
  const target = merge.decided?.target ?? null
  if (target === null || !conflicts.some(isLost)) return { conflicts, left: [] }
  const moved = await movedPaths(own, target.root, target.first)
  const places = conflicts.flatMap((conflict) => (isLost(conflict) ? (moved.get(conflict.path) ?? []) : []))
  const [mine, theirs] = await Promise.all(
    [merge.ours, merge.theirs].map((tree) => entriesAt(own, tree, places)),
  )
  const taken = new Set(conflicts.map(({ path }) => path))
  const left: FileEdit[] = []
  const known = conflicts.map((conflict): Conflict => {
    const to = isLost(conflict) ? moved.get(conflict.path) : undefined
    const ours = to === undefined ? undefined : mine?.get(to)
    if (to === undefined || ours === undefined || !isFile(ours) || theirs?.has(to) === true || taken.has(to))
      return conflict
    left.push({ path: conflict.path, removed: true })
    return { ...conflict, path: to, paths: [to], kind: 'content', ours }
  })
  return { conflicts: known, left }
}

/** A text that theirs changed and ours has no more. */
function isLost({ kind, base, ours, theirs }: Conflict): boolean {
  return kind === 'modify/delete' && ours === null && base !== null && theirs !== null && isFile(theirs)
}

function isFile({ mode }: Entry): boolean {
  return mode.startsWith('100')
}
