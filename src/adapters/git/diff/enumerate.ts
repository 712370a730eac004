import type { Candidate, Oid } from '../../../core/merge/change.ts'
import { comparePaths } from '../../../core/merge/path-order.ts'
import { changesOfRecord } from './change-of-record.ts'
import { commitTree } from '../object/commit-tree.ts'
import { compareTrees } from './compare-trees.ts'
import { createMemo } from '../command/memo.ts'
import type { Own } from '../repository/own.ts'
import type { TreePatch } from './patch.ts'

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
    compareTrees(
      own,
      oids.map((tree) => [root, tree]),
    ),
  )
  return trees.map(({ agent, tree }, index) => ({ agent, tree, changes: changesOf(patches[index]) }))
}

function changesOf(patch: TreePatch | undefined): Candidate['changes'] {
  if (patch === undefined) return []
  return patch.records
    .flatMap((record) => changesOfRecord(record, patch))
    .toSorted((left, right) => comparePaths(left.path, right.path))
}
