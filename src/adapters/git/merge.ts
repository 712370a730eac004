import type { Conflict, FileEdit, Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import { heldConflicts } from './held.ts'
import { parseMerges } from './merge-output.ts'
import { nextAnswer } from './next-answer.ts'
import { syntheticCommit } from './object.ts'
import { objectWriter } from './object-store.ts'
import type { Own } from './own.ts'
import { writeTrees } from './write.ts'

/** Three trees: what both sides come from, and the two sides. */
export interface Merge {
  readonly base: Oid
  readonly ours: Oid
  readonly theirs: Oid
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

/** Merges triples of trees, all of them by one process; trees that need no merging cost none. */
export async function mergeTrees(own: Own, merges: readonly Merge[]): Promise<MergeOutcome[]> {
  const known = merges.map(obvious)
  const open = merges.filter((_, index) => known[index] === null)
  const merged = open.length === 0 ? [] : await withoutHeld(own, open, await mergeByGit(own, open))
  return known.map((tree) => (tree === null ? nextAnswer(merged) : { clean: true, tree }))
}

function obvious({ base, ours, theirs }: Merge): Oid | null {
  if (ours === theirs || theirs === base) return ours
  return ours === base ? theirs : null
}

/** Merges once more, without the texts whose changes ours holds already, where git has a conflict in them. */
async function withoutHeld(
  own: Own,
  merges: readonly Merge[],
  outcomes: readonly MergeOutcome[],
): Promise<MergeOutcome[]> {
  const held = await heldConflicts(
    own,
    outcomes.flatMap((outcome) => (outcome.clean ? [] : outcome.conflicts)),
  )
  const again = await Promise.all(
    merges.map(async (merge, at) => {
      const outcome = outcomes[at]
      const edits = outcome?.clean === false ? outcome.conflicts.flatMap((each) => oursOf(each, held)) : []
      if (edits.length === 0) return null
      const [written] = await writeTrees(own, merge.theirs, [edits])
      return written === undefined ? null : { ...merge, theirs: written.tree }
    }),
  )
  const open = again.filter((merge) => merge !== null)
  const second = open.length === 0 ? [] : await mergeByGit(own, open)
  return outcomes.map((first, at) => {
    const outcome = again[at] === null ? first : nextAnswer(second)
    return conflictCount(outcome) < conflictCount(first) ? outcome : first
  })
}

function oursOf(conflict: Conflict, held: ReadonlySet<Conflict>): FileEdit[] {
  return held.has(conflict) && conflict.ours !== null ? [{ path: conflict.path, ...conflict.ours }] : []
}

function conflictCount(outcome: MergeOutcome): number {
  return outcome.clean ? 0 : outcome.conflicts.length
}

// Every pair gets a history of its own, one synthetic parent, so that git finds exactly the base that is meant.
async function mergeByGit(own: Own, merges: readonly Merge[]): Promise<MergeOutcome[]> {
  const writer = objectWriter(own)
  const pairs = merges.map(({ base, ours, theirs }) => {
    const parent = writer.add(syntheticCommit(base, []))
    return [ours, theirs].map((tree) => writer.add(syntheticCommit(tree, [parent])))
  })
  await writer.flush()
  const { stdout } = await git(
    { ...own.place, settings: [...(own.place.settings ?? []), ...settings] },
    ['merge-tree', '--write-tree', '--stdin', '-z'],
    { input: pairs.map((pair) => `${pair.join(' ')}\n`).join(''), env: { GIT_ATTR_NOSYSTEM: '1' } },
  )
  return parseMerges(stdout.toString('latin1'), pairs.flat())
}
