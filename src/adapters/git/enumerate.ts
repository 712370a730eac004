import { limit } from '../../core/limit.ts'
import type { Candidate, Oid } from '../../core/merge/change.ts'
import { comparePaths } from '../../core/merge/path-order.ts'
import { changesOfRecord } from './change-of-record.ts'
import { withoutCopies } from './copies.ts'
import { diffPlace, renameOptions } from './diff.ts'
import { git } from './git.ts'
import { createMemo } from './memo.ts'
import type { Own } from './own.ts'
import { parsePatches } from './patch.ts'
import type { TreePatch } from './patch.ts'
import { withoutPointers } from './pointers.ts'

const rootTrees = createMemo<Oid>(limit.comparisonsKept)
const lastPatches = createMemo<readonly TreePatch[]>(3)

/** Lists what each agent's tree changes against the base (a commit or tree), for all of them by two processes, or by none when it was asked just before. */
export async function enumerateCandidates(
  own: Own,
  base: Oid,
  trees: readonly { readonly agent: string; readonly tree: Oid }[],
): Promise<Candidate[]> {
  const oids = trees.map(({ tree }) => tree)
  const root = await rootTrees(`${own.directory} ${base}`, () => treeOf(own, base))
  const patches = await lastPatches([own.directory, root, ...oids].join(' '), () =>
    comparePairs(own, root, oids),
  )
  return trees.map(({ agent, tree }, index) => ({ agent, tree, changes: changesOf(patches[index]) }))
}

async function comparePairs(own: Own, base: Oid, trees: readonly Oid[]): Promise<TreePatch[]> {
  if (trees.length === 0) return []
  const args = [
    'diff-tree',
    '--stdin',
    '-r',
    '-z',
    '--raw',
    '-p',
    '-U0',
    '--irreversible-delete',
    ...renameOptions,
  ]
  const input = trees.map((tree) => `${base} ${tree}\n`).join('')
  const { stdout } = await git(diffPlace(own), args, { input, env: { GIT_ATTR_NOSYSTEM: '1' } })
  return withoutPointers(own, await withoutCopies(own, parsePatches(stdout)))
}

async function treeOf(own: Own, base: Oid): Promise<Oid> {
  const { stdout } = await git(own.place, ['rev-parse', '--verify', '--end-of-options', `${base}^{tree}`])
  return stdout.toString('latin1').trim()
}

function changesOf(patch: TreePatch | undefined): Candidate['changes'] {
  if (patch === undefined) return []
  return patch.records
    .flatMap((record) => changesOfRecord(record, patch.texts))
    .toSorted((left, right) => comparePaths(left.path, right.path))
}
