// git merges a composition as it merges any tree: it compares texts and may take other lines for the changed ones than those
// that were decided. Of lines that the target has already it then lands a part twice, and has no conflict. So a text that both
// sides changed is merged by what was decided of it, in the lines of the run's base, and its outcome stands where that has no
// conflict.
import type { ByteString, Entry, FileEdit, Oid, TreePath } from '../../../core/merge/change.ts'
import { mergeAtOnce } from '../../../core/merge/merge-text.ts'
import { readBlobs } from '../object/blob.ts'
import { type Decided, type DecidedText, decidedText } from './conflict-texts.ts'
import { mergeOptions } from '../diff/diff.ts'
import { entriesAt } from '../object/entries.ts'
import type { Own } from '../repository/own.ts'
import { textAtoms } from '../diff/text-atoms.ts'

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
  const [placed, made] = await Promise.all([
    textsOfTarget(own, ours, decided.target?.first ?? ours, texts),
    entriesAt(own, tree, merged),
  ])
  const files = placed.flatMap((text) => {
    const entry = made.get(text.path)
    return entry === undefined ? [] : [{ ...text, entry }]
  })
  if (files.length === 0) return []
  const [atoms, blobs] = await Promise.all([
    textAtoms(
      own,
      files.map(({ root, from }) => [root, from] as const),
      mergeOptions,
    ),
    readBlobs(
      own,
      files.flatMap(({ root, now, entry }) => [root, now, entry.oid]),
    ),
  ])
  const read = (oid: Oid): ByteString => blobs.get(oid) ?? ''
  return files.flatMap(({ path, root, from, now, entry, ...text }): FileEdit[] => {
    const first = atoms(root, from)
    const content = first === null ? null : mergeAtOnce(read(root), { ...text, first, ours: read(now) })
    return content === null || content === read(entry.oid) ? [] : [{ path, mode: entry.mode, content }]
  })
}

type Placed = DecidedText & { readonly path: TreePath }

/** The texts with what the target had there before anything landed, and has now. */
async function textsOfTarget(
  own: Own,
  ours: Oid,
  first: Oid,
  texts: readonly Placed[],
): Promise<(Placed & { readonly from: Oid; readonly now: Oid })[]> {
  const paths = texts.flatMap(({ path, file }) => [path, file])
  const trees = await Promise.all([first, ours].map((tree) => entriesAt(own, tree, paths)))
  return texts.flatMap((text) => {
    const [from, now] = trees.map(
      (entries): Entry | undefined => entries.get(text.path) ?? entries.get(text.file),
    )
    const isText = from?.mode.startsWith('100') === true && now?.mode.startsWith('100') === true
    return isText ? [{ ...text, from: from.oid, now: now.oid }] : []
  })
}
