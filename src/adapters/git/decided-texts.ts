// git merges a composition as it merges any tree: it compares texts and may take other lines for the changed ones than those
// that were decided. Of lines that the target has already it then lands a part twice, and has no conflict. So a text that both
// sides changed is merged by what was decided of it, in the lines of the run's base, and its outcome stands where that has no
// conflict.
import type { ByteString, Entry, FileEdit, Oid, TreePath } from '../../core/merge/change.ts'
import { mergeTexts, textOfParts } from '../../core/merge/merge-text.ts'
import { readBlobs } from './blob.ts'
import { type Decided, type DecidedText, decidedText, type LandedTarget } from './conflict-texts.ts'
import { entriesAt } from './entries.ts'
import type { Own } from './own.ts'
import { textAtoms } from './text-atoms.ts'

/** A merge of a composition, as git made it, and the paths of the texts that both sides changed. */
export interface MergedByGit {
  readonly ours: Oid
  readonly tree: Oid
  readonly merged: readonly TreePath[]
  readonly decided: Decided | undefined
}

/** The texts of a merge that come out otherwise by what was decided of them; none where it is not known what the target was. */
export async function decidedTexts(own: Own, merge: MergedByGit): Promise<FileEdit[]> {
  const { ours, tree, merged, decided } = merge
  if (decided?.target === undefined || merged.length === 0) return []
  const texts = merged.flatMap((path) => {
    const text = decidedText({ paths: [path], base: null }, decided)
    return text === null ? [] : [{ path, ...text }]
  })
  if (texts.length === 0) return []
  const target = decided.target ?? { first: ours, last: ours }
  const [before, made] = await Promise.all([
    stillThere(own, ours, target, texts),
    entriesAt(own, tree, merged),
  ])
  const files = texts.flatMap((text) => {
    const [from, entry] = [before(text), made.get(text.path)]
    return from === null || entry === undefined ? [] : [{ ...text, from, entry }]
  })
  if (files.length === 0) return []
  const [atoms, blobs] = await Promise.all([
    textAtoms(
      own,
      files.map(({ root, from }) => [root, from] as const),
    ),
    readBlobs(
      own,
      files.flatMap(({ root, entry }) => [root, entry.oid]),
    ),
  ])
  const read = (oid: Oid): ByteString => blobs.get(oid) ?? ''
  return files.flatMap(({ path, root, after, from, entry }): FileEdit[] => {
    const theirs = atoms(root, from)
    const parts = theirs === null ? null : mergeTexts(read(root), theirs, after)
    const content = parts === null ? null : textOfParts(parts, () => null)
    return content === null || content === read(entry.oid) ? [] : [{ path, mode: entry.mode, content }]
  })
}

type Placed = DecidedText & { readonly path: TreePath }

/** The texts as they were before anything landed, where they are still as the last landing left them. */
async function stillThere(
  own: Own,
  ours: Oid,
  { first, last }: LandedTarget,
  texts: readonly Placed[],
): Promise<(text: Placed) => Oid | null> {
  const paths = texts.flatMap(({ path, file }) => [path, file])
  const trees = await Promise.all([first, last, ours].map((tree) => entriesAt(own, tree, paths)))
  return ({ path, file }) => {
    const [then, left, now] = trees.map(
      (entries): Entry | undefined => entries.get(path) ?? entries.get(file),
    )
    const isText = then?.mode.startsWith('100') === true
    return isText && left !== undefined && left.oid === now?.oid ? then.oid : null
  }
}
