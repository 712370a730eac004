import type { FileEdit } from '../../../core/merge/change.ts'
import type { NamedConflict, ResolutionChoice } from '../../../core/merge/conflict.ts'
import { isWithin } from '../../../core/merge/path-order.ts'
import { type Merge, treeWith } from './merge.ts'
import type { Own } from '../repository/own.ts'
import { treeChanges } from '../diff/tree-changes.ts'

/**
 * The sides of a merge where the one that was not chosen has left the paths of a conflict as they are in the base. A file
 * that both renamed only changes its name there: what that side made of its content stays.
 */
export async function sidesWithout(
  own: Own,
  sides: Merge,
  together: readonly NamedConflict[],
  choice: ResolutionChoice,
): Promise<Merge> {
  const side = choice === 'ours' ? 'theirs' : 'ours'
  const changes = await treeChanges(own, sides.base, sides[side])
  const move = moveTo(together, side)
  const moved = move === null ? null : (changes.find(({ path }) => path === move.from)?.new ?? null)
  const edits: FileEdit[] =
    move !== null && moved !== null
      ? [
          { path: move.from, removed: true },
          { path: move.to, ...moved },
        ]
      : changes
          .filter(({ path }) => together.some(({ paths }) => paths.some((each) => isWithin(path, each))))
          .map(({ path, old }) => (old === null ? { path, removed: true } : { path, ...old }))
  return { ...sides, [side]: await treeWith(own, sides[side], edits) }
}

/** Where one side's new name of a file is, and the other's, if both only renamed it. */
function moveTo(
  together: readonly NamedConflict[],
  side: 'ours' | 'theirs',
): { readonly from: string; readonly to: string } | null {
  const only = (wanted: 'base' | 'ours' | 'theirs'): string | undefined =>
    together.find((conflict) =>
      (['base', 'ours', 'theirs'] as const).every((each) => (conflict[each] !== null) === (each === wanted)),
    )?.path
  const [old, from, to] = [only('base'), only(side), only(side === 'ours' ? 'theirs' : 'ours')]
  const isMove = together.length === 3 && together.every(({ kind }) => kind === 'rename/rename')
  return isMove && old !== undefined && from !== undefined && to !== undefined ? { from, to } : null
}
