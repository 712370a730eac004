import { blobSizes, readBlobs } from '../../../src/adapters/git/object/blob.ts'
import { changedPaths } from '../../../src/adapters/git/diff/changed-paths.ts'
import { entriesAt } from '../../../src/adapters/git/object/entries.ts'
import type { Own } from '../../../src/adapters/git/repository/own.ts'
import type { Oid, TreePath } from '../../../src/core/merge/change.ts'
import { directoriesOf } from '../../../src/core/merge/path-order.ts'
import { bytesOfPath, pathOfBytes } from '../../../src/core/merge/path.ts'
import { isMergedByFile } from './file-merge.ts'
import type { PlainMerge } from './plain-merge.ts'

/** What the engine made of a merge: its tree, and the paths that did not land. */
interface Made {
  readonly tree: Oid
  readonly refused: ReadonlySet<TreePath>
  /** Of those the paths where git cannot merge what did not land, either: of the whole it pairs the lines otherwise. */
  readonly alike?: ReadonlySet<TreePath>
}

/**
 * What is wrong with a merge, measured by git's own: another tree, a conflict that only one of both has, or a difference
 * on a path that is in no conflict. A path that the target has no more (`ours`) may be in conflict under its new name.
 */
export async function difference(
  own: Own,
  made: Made,
  plain: PlainMerge,
  ours: { readonly base: Oid; readonly tree: Oid; readonly inPieces?: boolean },
): Promise<string | null> {
  const refused = [...made.refused].map(bytesOfPath)
  if (plain.conflicts.size === 0) {
    const alike = new Set([...(made.alike ?? [])].map(bytesOfPath))
    const alone = refused.filter((path) => !alike.has(path))
    if (alone.length > 0) return `git merges, Kage has a conflict at ${shown(alone)}`
    if (made.tree === plain.tree) return null
    const others = (await changed(own, made.tree, plain.tree)).filter((path) => !alike.has(path))
    return others.length === 0 ? null : `another tree than git's, at ${shown(others)}`
  }
  // Where the target holds all that would change in a text, it stays as it is, also where git has a conflict; another text
  // lands where git merges it by itself, which pairs its lines otherwise than a merge of trees.
  const altered = new Set(await changed(own, ours.tree, made.tree))
  const landed = refused.length > 0 ? [] : [...plain.conflicts.keys()].filter((path) => altered.has(path))
  // Of a text that git cannot merge at once, all may land piece by piece: what that makes git does not say.
  const told = ours.inPieces === true ? landed.filter((path) => !isTextOnAllSides(plain, path)) : landed
  const kept = await notMergedByFile(own, made.tree, told, plain)
  if (kept.length > 0) return `Kage lands all, git has a conflict at ${shown(kept)}`
  const moved = new Set(await changed(own, ours.base, ours.tree))
  // A piece that needs a directory where the target has a file is in git's words a conflict of that file.
  const isOpen = (path: string): boolean =>
    moved.has(path) || [path, ...directoriesOf(path)].some((each) => plain.conflicts.has(each))
  const more = refused.filter((path) => !isOpen(path))
  if (more.length > 0) return `Kage has a conflict more than git, at ${shown(more)}`
  const open = new Set([...plain.conflicts.keys(), ...refused])
  const other = (await changed(own, made.tree, plain.tree)).filter((path) => !open.has(path))
  return other.length === 0 ? null : `apart from conflicts another tree than git's, at ${shown(other)}`
}

/** Strictly, the paths at which Kage has a conflict and git's merge of the same sides has none, whatever excuses it. */
export function conflictsOfKageAlone({ refused }: Made, { conflicts }: PlainMerge): string[] {
  return [...refused].map(bytesOfPath).filter((path) => !conflicts.has(path))
}

function isTextOnAllSides({ conflicts }: PlainMerge, path: string): boolean {
  return conflicts.get(path)?.every((oid) => oid !== null) === true
}

/** Those of some paths that git cannot merge as such a text by its other ways, either. */
async function notMergedByFile(
  own: Own,
  tree: Oid,
  paths: readonly string[],
  { conflicts }: PlainMerge,
): Promise<string[]> {
  if (paths.length === 0) return []
  const entries = await entriesAt(own, tree, paths.map(pathOfBytes))
  const oids = [...entries.values()].map(({ oid }) => oid)
  const blobs = await readBlobs(own, [...(await blobSizes(own, oids)).keys()])
  return paths.filter((path) => {
    const text = blobs.get(entries.get(pathOfBytes(path))?.oid ?? '')
    return text === undefined || !isMergedByFile(own.directory, conflicts.get(path) ?? [], text)
  })
}

async function changed(own: Own, left: Oid, right: Oid): Promise<string[]> {
  // A file that stands in the way of a directory lies at `path~side`.
  const paths = [...(await changedPaths(own, left, right))].map(bytesOfPath)
  return paths.map((path) => path.replace(/~[0-9a-f]{40,64}(_\d+)?(?=\/|$)/, ''))
}

function shown(paths: readonly string[]): string {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : ''
  return `${paths
    .slice(0, 3)
    .map((path) => JSON.stringify(path))
    .join(', ')}${more}`
}
