// What the person says to conflicts never goes by git's markers. A path that stands for itself is put as it shall be. Paths
// that hang together (renames, a file in a directory's place) are merged again with the side that was not chosen as if it had
// not touched them, so that git works out what that means for all of them.
import { createHash } from 'node:crypto'
import { KageError } from '../../../core/error.ts'
import type { ByteString, FileEdit, Oid } from '../../../core/merge/change.ts'
import { type NamedConflict, nameConflicts, type Said } from '../../../core/merge/conflict.ts'
import { isHanging, resolutionFor, resolvedEdit } from '../../../core/merge/resolution.ts'
import type { Remembered } from '../../../core/remembered.ts'
import { type Merge, mergeTrees, treeWith } from './merge.ts'
import { entriesAt } from '../object/entries.ts'
import type { Own } from '../repository/own.ts'
import { sidesWithout } from './sides.ts'

/** What came of a merge: the conflicts that were resolved, or those that are open. */
export type ResolvedMerge =
  | {
      readonly clean: true
      readonly tree: Oid
      readonly conflicts: readonly NamedConflict[]
      readonly resolved: readonly Remembered[]
    }
  | { readonly clean: false; readonly tree: Oid; readonly conflicts: readonly NamedConflict[] }

/** Merges three trees with what is said to their conflicts, which are told; where some are still open, only those, and a word that fits no conflict is refused. */
export async function mergeResolved(own: Own, merge: Merge, said: Said): Promise<ResolvedMerge> {
  const known: NamedConflict[] = []
  const resolved = new Map<string, Remembered>()
  // What is said to one conflict may settle another with it.
  const seen = new Map<string, NamedConflict>()
  let sides = merge
  for (;;) {
    const [outcome] = await mergeTrees(own, [sides])
    if (outcome === undefined) throw new KageError('KAGE_GIT_FAILED', 'git merge-tree gave no answer.')
    const conflicts = outcome.clean ? [] : nameConflicts(outcome.conflicts, hash)
    const next = conflicts.find((each) => said.ids.has(each.id) && !resolved.has(each.id) && isHanging(each))
    const resolution = next === undefined ? null : resolutionFor(next, said)
    if (next === undefined || resolution === null)
      return finish(own, outcome.tree, conflicts, { said, resolved, seen, known })
    resolved.set(next.id, { key: next.key, resolution })
    for (const each of conflicts) for (const { id } of [each, ...each.regions]) seen.set(id, each)
    const together = conflicts.filter(({ id }) => id === next.id)
    known.push(...together)
    sides = await sidesWithout(own, sides, together, resolution.choice)
  }
}

interface Resolving {
  readonly said: Said
  readonly resolved: Map<string, Remembered>
  /** The conflicts of the merges before, by their ids and those of their regions. */
  readonly seen: ReadonlyMap<string, NamedConflict>
  /** What was resolved by merging again. */
  readonly known: readonly NamedConflict[]
}

async function finish(
  own: Own,
  tree: Oid,
  conflicts: readonly NamedConflict[],
  { said, resolved, seen, known }: Resolving,
): Promise<ResolvedMerge> {
  const edits: FileEdit[] = []
  const open: NamedConflict[] = []
  for (const conflict of conflicts) {
    const { edit, used } = resolvedEdit(conflict, said)
    for (const { id, key, resolution } of used) resolved.set(id, { key, resolution })
    if (edit === null) open.push(conflict)
    else edits.push(edit)
  }
  const unknown = [...said.ids].find((id) => !resolved.has(id) && !seen.has(id))
  if (unknown !== undefined) {
    const hint = 'The target has changed since: pick again without it to see what conflicts now.'
    throw new KageError('KAGE_CONFLICT_UNKNOWN', `There is no conflict ${unknown}.`, hint)
  }
  if (open.length > 0) return { clean: false, tree, conflicts: open }
  const whole = edits.length === 0 ? tree : await treeWith(own, tree, edits)
  await requireKept(own, whole, { said, resolved, seen })
  return { clean: true, tree: whole, conflicts: [...known, ...conflicts], resolved: [...resolved.values()] }
}

/** Refuses words to a conflict that another's settled in another way. */
async function requireKept(
  own: Own,
  tree: Oid,
  { said, resolved, seen }: Pick<Resolving, 'said' | 'resolved' | 'seen'>,
): Promise<void> {
  const settled = [...said.ids].flatMap((id) => (resolved.has(id) ? [] : [{ id, conflict: seen.get(id) }]))
  if (settled.length === 0) return
  const paths = settled.flatMap(({ conflict }) => (conflict === undefined ? [] : [conflict.path]))
  const entries = await entriesAt(own, tree, paths)
  const lost = settled.find(({ id, conflict }) => {
    if (conflict?.id !== id) return true
    const choice = said.to(conflict)?.choice
    const wanted = choice === 'ours' || choice === 'theirs' ? conflict[choice] : undefined
    const made = entries.get(conflict.path)
    return wanted === undefined || wanted?.oid !== made?.oid || wanted?.mode !== made?.mode
  })
  if (lost === undefined) return
  throw new KageError(
    'KAGE_CHOICES_EXCLUDE',
    `What is said to ${lost.id} does not go together with what is said to another conflict.`,
    'Say the same side to both, or leave one out.',
  )
}

function hash(text: ByteString): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 40)
}
