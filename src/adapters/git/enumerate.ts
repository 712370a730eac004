import type { Candidate, Oid } from '../../core/merge/change.ts'
import { comparePaths } from '../../core/merge/path-order.ts'
import { changesOfRecord } from './change-of-record.ts'
import { withoutCopies } from './copies.ts'
import { commitTree } from './commit-tree.ts'
import { diffTrees, patchOptions } from './diff.ts'
import { createMemo } from './memo.ts'
import type { Own } from './own.ts'
import { parsePatches } from './patch.ts'
import type { TreePatch } from './patch.ts'
import { withoutPointers } from './pointers.ts'

const lastPatches = createMemo<readonly TreePatch[]>(3)

/** Lists what each agent's tree changes against the base (a commit or tree), for all of them at once; what was asked just before is known. */
export async function enumerateCandidates(
  own: Own,
  base: Oid,
  trees: readonly { readonly agent: string; readonly tree: Oid }[],
): Promise<Candidate[]> {
  const oids = trees.map(({ tree }) => tree)
  const root = await commitTree(own, base)
  const patches = await lastPatches([own.directory, root, ...oids].join(' '), () =>
    comparePairs(own, root, oids),
  )
  return trees.map(({ agent, tree }, index) => ({ agent, tree, changes: changesOf(patches[index]) }))
}

async function comparePairs(own: Own, base: Oid, trees: readonly Oid[]): Promise<TreePatch[]> {
  if (trees.length === 0) return []
  const pairs = trees.map((tree) => [base, tree] as const)
  const stdout = await diffTrees(own, patchOptions, pairs)
  return withoutPointers(own, await withoutCopies(own, parsePatches(stdout)))
}

function changesOf(patch: TreePatch | undefined): Candidate['changes'] {
  if (patch === undefined) return []
  return patch.records
    .flatMap((record) => changesOfRecord(record, patch.texts))
    .toSorted((left, right) => comparePaths(left.path, right.path))
}
