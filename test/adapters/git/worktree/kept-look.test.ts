import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { byteSettings } from '../../../../src/adapters/git/repository/byte-settings.ts'
import { gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import {
  expectPlainTree,
  type Opened,
  openBoth,
  snapshotOf,
  treePaths,
} from '../../../support/own-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'

test('a worktree that has not changed is looked at with the index of the last look', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { 'new.txt': 'new\n' })
  const first = await snapshotOf(opened)
  const left = indexes(opened)
  expect(left).toHaveLength(1)
  expect((await snapshotOf(opened)).commit).toBe(first.commit)
  expect(indexes(opened)).toEqual(left)
})

test('what changes after a look is in the next one', async () => {
  const opened = await openBoth(makeRepository({ files: { a: 'a\n', b: 'b\n', 'dir/c': 'c\n' } }))
  await snapshotOf(opened)
  writeFiles(opened.root, { a: 'A\n', 'new.txt': 'new\n' })
  rmSync(join(opened.root, 'dir'), { recursive: true })
  await expectPlainTree(opened)
  writeFiles(opened.root, { a: 'a\n', 'dir/c': 'c\n' })
  rmSync(join(opened.root, 'new.txt'))
  await expectPlainTree(opened)
})

test('a file that is ignored from now on is left out, whoever says so', async () => {
  const excludes = join(temporaryDirectory(), 'excludes')
  writeFileSync(excludes, '')
  const root = makeRepository()
  gitIn(root, ['config', 'core.excludesFile', excludes])
  const opened = await openBoth(root)
  writeFiles(root, { 'one.log': '1\n', 'two.tmp': '2\n', 'three.bak': '3\n' })
  expect(paths(opened, (await snapshotOf(opened)).tree)).toEqual(['one.log', 'three.bak', 'two.tmp'])
  writeFileSync(excludes, '*.tmp\n')
  expect(paths(opened, (await snapshotOf(opened)).tree)).toEqual(['one.log', 'three.bak'])
  writeFiles(root, { '.gitignore': '*.log\n' })
  expect(paths(opened, (await snapshotOf(opened)).tree)).toEqual(['.gitignore', 'three.bak'])
  writeFiles(root, { '.git/info/exclude': '*.bak\n' })
  const settings = await byteSettings(opened.repository)
  expect(paths(opened, (await snapshotOf({ ...opened, settings })).tree)).toEqual(['.gitignore'])
})

test('an ignored file that is forced into the index after a look is in the next one', async () => {
  const opened = await openBoth(makeRepository({ files: { '.gitignore': '*.log\n' } }))
  writeFiles(opened.root, { 'kept.log': 'kept\n' })
  expect(paths(opened, (await snapshotOf(opened)).tree)).toEqual(['.gitignore'])
  gitIn(opened.root, ['add', '--force', 'kept.log'])
  expect(paths(opened, (await snapshotOf(opened)).tree)).toEqual(['.gitignore', 'kept.log'])
})

test('a lost index costs a look from the beginning and nothing else', async () => {
  const opened = await openBoth(makeRepository({ files: { '.gitignore': '*.log\n', 'a.txt': 'a\n' } }))
  writeFiles(opened.root, { 'kept.log': 'kept\n' })
  gitIn(opened.root, ['add', '--force', 'kept.log'])
  const { tree } = await snapshotOf(opened)
  for (const index of indexes(opened)) rmSync(join(opened.own.directory, 'temporary', index.name))
  expect((await snapshotOf(opened)).tree).toBe(tree)
})

test('looks at one worktree at the same time do not disturb each other', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { 'new.txt': 'new\n' })
  const { tree } = await snapshotOf(opened)
  const all = await Promise.all([1, 2, 3].map(() => snapshotOf(opened)))
  expect(all.map((taken) => taken.tree)).toEqual([tree, tree, tree])
  expect(indexes(opened)).toHaveLength(1)
})

function indexes({ own }: Opened): { name: string; inode: number }[] {
  const directory = join(own.directory, 'temporary')
  return readdirSync(directory).map((name) => ({ name, inode: statSync(join(directory, name)).ino }))
}

/** The paths of a tree without those that every repository of these tests has. */
function paths(opened: Opened, tree: string): string[] {
  return treePaths(opened, tree).filter((path) => path !== 'a.txt' && path !== 'src/b.txt')
}
