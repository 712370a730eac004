import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeEntries } from '../../../../src/adapters/git/merge/merge-entries.ts'
import { writeTrees } from '../../../../src/adapters/git/object/write.ts'
import type { FileEdit } from '../../../../src/core/merge/change.ts'
import { holdsInBatches } from '../../../support/batch-property.ts'
import { makeRepository } from '../../../support/git-repository.ts'
import { put, removed } from '../../../support/landing.ts'
import { openBoth } from '../../../support/own-repository.ts'
import { commitHistories } from '../../../support/replay/commits.ts'
import type { TreeFiles } from '../../../support/replay/history-arbitrary.ts'
import { plainMerges } from '../../../support/replay/plain-merge.ts'
import { anyChangeOf, anyTree } from '../../../support/tree-arbitrary.ts'
import type { Tree } from '../../../support/write-tree.ts'

test('trees whose entries were changed by one side each come out as git merges them', async () => {
  const opened = await openBoth(makeRepository())
  const sides = anyTree.chain((base) => fc.tuple(fc.constant(base), anyChangeOf(base), anyChangeOf(base)))
  let settled = 0
  await holdsInBatches(sides, 500, async (cases) => {
    const histories = cases.map(([base, ours, theirs]) => ({
      base: filesOf(base),
      ours: filesOf(ours),
      theirs: filesOf(theirs),
    }))
    const pairs = commitHistories(opened.root, histories)
    const merges = pairs.map(({ base, ours, theirs }) => ({
      base: base.tree,
      ours: ours.tree,
      theirs: theirs.tree,
    }))
    const plain = plainMerges(
      opened.own.directory,
      pairs.map((pair) => pair.plain),
    )
    for (const [at, tree] of (await mergeEntries(opened.own, merges)).entries()) {
      if (tree === null) continue
      settled += 1
      expect([tree, [...plain[at]!.conflicts]], JSON.stringify(cases[at])).toEqual([plain[at]!.tree, []])
    }
  })
  expect(settled).toBeGreaterThan(50)
}, 1_800_000)

const settledOnes: readonly [string, FileEdit[], FileEdit[], boolean][] = [
  ['files of one directory', [put('d/a', 'x')], [put('d/b', 'y')], true],
  ['new files of a new directory', [put('n/a', 'x')], [put('n/b', 'y')], true],
  ['the same edit', [put('d/a', 'x')], [put('d/a', 'x'), put('d/b', 'y')], true],
  ['all files of a directory, half by each', [removed('d/a')], [removed('d/b')], true],
  ['one file', [put('d/a', 'x')], [put('d/a', 'y')], false],
  ['a file that the other removed', [put('d/a', 'x')], [removed('d/a')], false],
  [
    'a file that both removed and one has elsewhere',
    [removed('d/a')],
    [removed('d/a'), put('m', 'a')],
    false,
  ],
  ['the same new file', [put('n', 'x'), put('o', 'o')], [put('n', 'x')], false],
  ['a file and a directory of one name', [put('n', 'x')], [put('n/a', 'x')], false],
]

test.each(settledOnes)(
  'whether each entry was changed by one side: %s',
  async (_, ours, theirs, isSettled) => {
    const { own, head } = await openBoth(makeRepository({ files: { 'd/a': 'a', 'd/b': 'b', f: 'f' } }))
    const [base = '', left = '', right = ''] = await writeTrees(own, head, [[], ours, theirs])
    const [tree] = await mergeEntries(own, [{ base, ours: left, theirs: right }])
    const paths = new Map([...ours, ...theirs].map((edit) => [edit.path, edit]))
    const [both] = isSettled ? await writeTrees(own, head, [[...paths.values()]]) : [null]
    expect(tree).toBe(both)
  },
)

function filesOf(tree: Tree): TreeFiles {
  return Object.fromEntries(Object.entries(tree).map(([path, [mode, content]]) => [path, { mode, content }]))
}
