import type { FileEdit, Oid } from '../../../core/merge/change.ts'
import type { Conflict } from '../../../core/merge/conflict.ts'
import { KageError } from '../../../core/error.ts'
import { type MergePart, textOfParts } from '../../../core/merge/merge-text.ts'
import { hasOtherModes, mergedMode } from '../../../core/merge/resolution.ts'
import { type Decided, mergedTexts } from './conflict-texts.ts'
import { decidedTexts } from './decided-texts.ts'
import { askGitOnce } from '../command/kept-git.ts'
import { followed } from './followed.ts'
import { mergeEntries } from './merge-entries.ts'
import { type ParsedMerge, parseMerges } from './merge-output.ts'
import { nextAnswer } from '../command/next-answer.ts'
import { syntheticCommit } from '../command/object.ts'
import { objectWriter } from '../object/object-store.ts'
import type { Own } from '../repository/own.ts'
import { writeTrees } from '../object/write.ts'

/** Three trees: what both sides come from, and the two sides. */
export interface Merge {
  readonly base: Oid
  readonly ours: Oid
  readonly theirs: Oid
  /** What makes the base and theirs of the run's base, where both are compositions. */
  readonly decided?: Decided
}

export type MergeOutcome =
  | { readonly clean: true; readonly tree: Oid }
  | { readonly clean: false; readonly tree: Oid; readonly conflicts: readonly Conflict[] }

// Nothing that a user, a worktree or an attribute says may change how a merge comes out.
const settings: readonly string[] = [
  'merge.renames=true',
  'merge.renameLimit=0',
  'merge.directoryRenames=false',
  'merge.renormalize=false',
  'merge.conflictStyle=merge',
  'merge.default=text',
  'diff.algorithm=histogram',
  'core.attributesFile=/dev/null',
]

/** Merges triples of trees; those of which both sides changed some entry are merged by one process, the others cost none. */
export async function mergeTrees(own: Own, merges: readonly Merge[]): Promise<MergeOutcome[]> {
  const trees = await mergeEntries(own, merges)
  const open = merges.filter((_, index) => trees[index] === null)
  const merged = open.length === 0 ? [] : await withTexts(own, open, await mergeByGit(own, open))
  return trees.map((tree) => (tree === null ? nextAnswer(merged) : { clean: true, tree }))
}

/** Merges texts by their own lines: those in conflict, for git pairs the lines of a text otherwise with many changes than with few, and those that were decided. */
async function withTexts(
  own: Own,
  merges: readonly Merge[],
  parsed: readonly ParsedMerge[],
): Promise<MergeOutcome[]> {
  const answers = [...parsed]
  const all = await Promise.all(
    merges.map(async (merge) => {
      const { outcome, merged } = nextAnswer(answers)
      return { merge, tree: outcome.tree, merged, ...(await followed(own, merge, outcome)) }
    }),
  )
  const texts = await mergedTexts(
    own,
    all.flatMap(({ conflicts, merge: { decided } }) => conflicts.map((conflict) => ({ conflict, decided }))),
  )
  return Promise.all(
    all.map(async ({ merge: { ours, decided }, tree, merged, conflicts: known, left }) => {
      const settled = known.flatMap((conflict) => editOf(conflict, texts.get(conflict)))
      const edits = [...left, ...settled, ...(await decidedTexts(own, { ours, tree, merged, decided }))]
      const open = known
        .filter(({ path }) => !settled.some((edit) => edit.path === path))
        .map((conflict) => ({ ...conflict, parts: openParts(texts.get(conflict)) }))
      const written = edits.length === 0 ? tree : await treeWith(own, tree, edits)
      return open.length === 0
        ? { clean: true, tree: written }
        : { clean: false, tree: written, conflicts: open }
    }),
  )
}

/** A text that merges but for its mode is asked about as a whole. */
function openParts(parts: readonly MergePart[] | undefined): readonly MergePart[] | null {
  return parts === undefined || textOfParts(parts, () => null) !== null ? null : parts
}

function editOf(conflict: Conflict, parts: readonly MergePart[] | undefined): FileEdit[] {
  const content = parts === undefined || hasOtherModes(conflict) ? null : textOfParts(parts, () => null)
  return content === null ? [] : [{ path: conflict.path, mode: mergedMode(conflict), content }]
}

/** A tree with edits of its files. */
export async function treeWith(own: Own, tree: Oid, edits: readonly FileEdit[]): Promise<Oid> {
  const [written] = await writeTrees(own, tree, [edits])
  if (written === undefined) throw new KageError('KAGE_GIT_FAILED', 'A tree was not written.')
  return written
}

// Every pair gets a history of its own, one synthetic parent, so that git finds exactly the base that is meant.
async function mergeByGit(own: Own, merges: readonly Merge[]): Promise<ParsedMerge[]> {
  const writer = objectWriter(own)
  const pairs = merges.map(({ base, ours, theirs }) => {
    const parent = writer.add(syntheticCommit(base, []))
    return [ours, theirs].map((tree) => writer.add(syntheticCommit(tree, [parent])))
  })
  await writer.flush()
  const command = {
    place: { ...own.place, settings: [...(own.place.settings ?? []), ...settings] },
    args: ['merge-tree', '--write-tree', '--stdin', '-z', '--messages'],
    env: { GIT_ATTR_NOSYSTEM: '1' },
  }
  const input = pairs.map((pair) => `${pair.join(' ')}\n`).join('')
  const stdout = await askGitOnce(command, Buffer.from(input))
  return parseMerges(stdout.toString('latin1'), pairs.flat())
}
