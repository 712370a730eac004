import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commitAll, gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import {
  expectPlainTree,
  expectText,
  openBoth,
  snapshotOf,
  treePaths,
} from '../../../support/own-repository.ts'

test('assume-unchanged hides no edit', async () => {
  const root = makeRepository()
  gitIn(root, ['update-index', '--assume-unchanged', 'a.txt'])
  const opened = await openBoth(root)
  writeFileSync(join(root, 'a.txt'), 'hidden\n')
  await expectText(opened, 'a.txt', 'hidden\n')
})

test('assume-unchanged hides no edit in an index of version 4', async () => {
  const root = makeRepository()
  gitIn(root, ['update-index', '--index-version', '4'])
  gitIn(root, ['update-index', '--assume-unchanged', 'a.txt', 'src/b.txt'])
  const opened = await openBoth(root)
  writeFileSync(join(root, 'src/b.txt'), 'hidden\n')
  await expectText(opened, 'src/b.txt', 'hidden\n')
})

test('skip-worktree hides no edit of a file that is there', async () => {
  const root = makeRepository()
  gitIn(root, ['update-index', '--skip-worktree', 'a.txt', 'src/b.txt'])
  const opened = await openBoth(root)
  writeFileSync(join(root, 'a.txt'), 'hidden\n')
  rmSync(join(root, 'src/b.txt'))
  await expectText(opened, 'a.txt', 'hidden\n')
  expect(treePaths(opened, (await snapshotOf(opened)).tree)).toEqual(['a.txt', 'src/b.txt'])
})

test('a sparse checkout keeps what is not checked out and takes edits outside its cone', async () => {
  for (const index of [['--no-sparse-index'], ['--sparse-index']]) {
    const root = makeRepository({ files: { top: 't\n', 'in/a': 'a\n', 'out/b': 'b\n', 'out/c/d': 'd\n' } })
    gitIn(root, ['sparse-checkout', 'set', '--cone', ...index, 'in'])
    const opened = await openBoth(root)
    expect((await snapshotOf(opened)).tree).toBe(treeOf(root, 'HEAD'))
    writeFiles(root, { 'in/a': 'A\n', 'out/b': 'B\n' })
    const taken = await snapshotOf(opened)
    expect(taken.changed).toEqual({ files: 2, added: 2, deleted: 2 })
    expect(treePaths(opened, taken.tree)).toEqual(['in/a', 'out/b', 'out/c/d', 'top'])
  }
})

test('intent-to-add, a staged file and a removed index entry end as the worktree has them', async () => {
  const root = makeRepository({ files: { a: 'a\n', b: 'b\n' } })
  writeFiles(root, { intended: 'i\n', staged: 's\n' })
  gitIn(root, ['add', '--intent-to-add', 'intended'])
  gitIn(root, ['add', 'staged'])
  gitIn(root, ['rm', '--cached', '--quiet', 'b'])
  await expectPlainTree(await openBoth(root))
})

test('an unmerged index ends as the worktree has it', async () => {
  const root = makeRepository({ files: { a: 'one\n', both: '1\n', kept: 'k\n' } })
  gitIn(root, ['checkout', '-q', '-b', 'other'])
  writeFiles(root, { a: 'other\n', both: 'other\n' })
  gitIn(root, ['rm', '-q', 'kept'])
  commitAll(root, 'other')
  gitIn(root, ['checkout', '-q', 'main'])
  writeFiles(root, { a: 'main\n', both: 'main\n', kept: 'K\n' })
  commitAll(root, 'main')
  expect(() => gitIn(root, ['merge', '-q', 'other'])).toThrow()
  writeFileSync(join(root, 'both'), 'main\n')
  await expectPlainTree(await openBoth(root))
})

test('a split index is read whole', async () => {
  const root = makeRepository()
  gitIn(root, ['update-index', '--split-index'])
  const opened = await openBoth(root)
  expect((await snapshotOf(opened)).tree).toBe(treeOf(root, 'HEAD'))
  writeFiles(root, { 'a.txt': 'edited\n' })
  await expectPlainTree(opened)
})

test('a missing or broken index is replaced by the base', async () => {
  const root = makeRepository()
  const opened = await openBoth(root)
  writeFiles(root, { 'a.txt': 'edited\n' })
  for (const harm of [
    () => rmSync(join(root, '.git/index')),
    () => writeFileSync(join(root, '.git/index'), 'rubbish'),
  ]) {
    harm()
    expect((await snapshotOf(opened)).changed).toEqual({ files: 1, added: 1, deleted: 3 })
  }
})

test('an edit that keeps size and time is seen', async () => {
  const root = makeRepository()
  const opened = await openBoth(root)
  for (let round = 0; round < 6; round++) {
    writeFileSync(join(root, 'a.txt'), `${round % 10}ne\ntwo\nthree\n`)
    gitIn(root, ['add', 'a.txt'])
    writeFileSync(join(root, 'a.txt'), `${(round + 1) % 10}ne\ntwo\nthree\n`)
    await expectText(opened, 'a.txt', `${(round + 1) % 10}ne\ntwo\nthree\n`)
  }
})

test('an index that is a pipe keeps nobody waiting', async () => {
  const root = makeRepository()
  const opened = await openBoth(root)
  rmSync(join(root, '.git/index'))
  execFileSync('mkfifo', [join(root, '.git/index')])
  expect((await snapshotOf(opened)).changed.files).toBe(0)
})

function treeOf(root: string, revision: string): string {
  return gitIn(root, ['rev-parse', `${revision}^{tree}`]).trim()
}
