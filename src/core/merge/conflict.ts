import type { ByteString, Entry, TreePath } from './change.ts'
import { conflictsIn, type MergePart, type TextConflict } from './merge-text.ts'

/** A path that one three-way merge could not settle: the three sides (null: absent) and git's word for it. */
export interface Conflict {
  readonly path: TreePath
  readonly kind: string
  readonly base: Entry | null
  readonly ours: Entry | null
  readonly theirs: Entry | null
  /** All paths that are in conflict with each other: of a file that both sides renamed three. */
  readonly paths: readonly TreePath[]
  /** A text, merged as far as its lines go; null where the path is resolved whole. */
  readonly parts: readonly MergePart[] | null
}

/** What the person says to a conflict: one side, both in an order, or a text of their own. */
export type Resolution =
  | { readonly choice: 'ours' | 'theirs' | 'ours+theirs' | 'theirs+ours' }
  | { readonly choice: 'edited'; readonly text: ByteString }

export type ResolutionChoice = Resolution['choice']

/** What something in conflict is called: `id` in one merge, and `key` wherever its three sides are the same. */
export interface ConflictName {
  readonly id: string
  readonly key: string
}

/** What is said to conflicts: to which of them, by their ids, and what. */
export interface Said {
  readonly ids: ReadonlySet<string>
  readonly to: (name: ConflictName) => Resolution | null
}

/** A conflict that can be spoken of; what is said to it counts for each of its regions that nothing else is said to. */
export interface NamedConflict extends Conflict, ConflictName {
  readonly regions: readonly (TextConflict & ConflictName)[]
}

/** Names conflicts and their regions by a hash of their sides; those of paths that belong together have one name. */
export function nameConflicts(
  conflicts: readonly Conflict[],
  hash: (text: ByteString) => string,
): NamedConflict[] {
  const taken = new Map<string, number>()
  const idOf = (place: readonly unknown[]): string => {
    const text = JSON.stringify(place)
    const count = taken.get(text) ?? 0
    taken.set(text, count + 1)
    return `c${hash(`${text} ${count}`).slice(0, 8)}`
  }
  const groups = new Map<string, ConflictName>()
  return conflicts.map((conflict) => {
    const group = JSON.stringify(conflict.paths)
    const key = keyOfWhole(conflict, conflicts, hash)
    const name = groups.get(group) ?? { id: idOf([conflict.paths, key]), key }
    groups.set(group, name)
    const regions = conflictsIn(conflict.parts ?? []).map((region) => {
      const { base, ours, theirs } = region
      const regionKey = hash(JSON.stringify(['text', base, ours, theirs]))
      return { ...region, id: idOf([conflict.path, regionKey]), key: regionKey }
    })
    return { ...conflict, ...name, regions }
  })
}

/** The three sides of all paths that belong together; the name of a single path does not matter. */
function keyOfWhole(
  { paths, kind }: Conflict,
  conflicts: readonly Conflict[],
  hash: (text: ByteString) => string,
): string {
  const together = conflicts.filter(({ path }) => paths.includes(path))
  const sides = together.map(({ path, base, ours, theirs }) => [
    together.length === 1 ? '' : path,
    ...[base, ours, theirs].map((entry) => (entry === null ? null : `${entry.mode} ${entry.oid}`)),
  ])
  return hash(JSON.stringify(['whole', kind, sides]))
}
