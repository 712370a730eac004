import { expect, test } from 'vitest'
import { heldBase, holdBase } from '../../../../src/adapters/git/agent/base.ts'
import { copyBase } from '../../../../src/adapters/git/agent/copy-base.ts'
import { changedBetween } from '../../../../src/adapters/git/diff/changed.ts'
import { openOwn } from '../../../../src/adapters/git/repository/own.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { openBoth } from '../../../support/own-repository.ts'

test('the base and every given tip are held by one commit, also when more are added at once', async () => {
  const root = makeRepository()
  const side = (text: string): string =>
    gitIn(root, ['commit-tree', '-p', 'HEAD', '-m', text, 'HEAD^{tree}']).trim()
  const tips = ['a', 'b', 'c', 'd'].map(side)
  const { own, repository, head } = await openBoth(root)
  const held = await Promise.all(
    tips.map((tip) => holdBase(own, repository, { run: 'r1', base: head, tips: [tip] })),
  )
  expect(held).toEqual([true, true, true, true])
  const commit = await heldBase(repository, 'r1')
  expect(await holdBase(own, repository, { run: 'r1', base: head, tips })).toBe(true)
  expect(await heldBase(repository, 'r1')).toBe(commit)
  gitIn(root, ['commit', '-q', '--amend', '--allow-empty', '-m', 'amended'])
  gitIn(root, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(root, ['gc', '-q', '--prune=now'])
  for (const oid of [head, ...tips]) gitIn(root, ['cat-file', '-e', oid])
  expect(gitIn(root, ['fsck', '--strict', '--no-dangling'])).toBe('')
})

test('where the ref cannot be written, the base is copied and outlives its commit', async () => {
  const root = makeRepository()
  gitIn(root, ['update-ref', 'refs/kage/base', 'HEAD'])
  const { own, repository, head } = await openBoth(root)
  expect(await holdBase(own, repository, { run: 'r1', base: head, tips: [] })).toBe(false)
  await copyBase(own, repository, 'r1', head)
  gitIn(root, ['update-ref', '-d', 'refs/kage/base'])
  writeFiles(root, { 'a.txt': 'rewritten\n', 'src/b.txt': 'too\n' })
  gitIn(root, ['commit', '-qa', '--amend', '-m', 'amended'])
  gitIn(root, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(root, ['gc', '-q', '--prune=now'])
  expect(() => gitIn(root, ['cat-file', '-e', head])).toThrow()
  const again = await openOwn(repository, own.directory)
  const { changed } = await changedBetween(again, head, headOf(root))
  expect(changed.files).toBe(2)
  expect(gitIn(own.directory, ['fsck', '--no-dangling'])).toBe('')
  commitAll(root, 'another')
})
