import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KageError } from '../../../../src/core/error.ts'
import { snapshot, worktreeTree } from '../../../../src/adapters/git/worktree/snapshot.ts'
import type { Snapshot } from '../../../../src/adapters/git/worktree/snapshot.ts'
import { gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { type Opened, openBoth, treePaths } from '../../../support/own-repository.ts'

const megabyte = 1_048_576

test('an untracked file over the limit is left out and named, at every look', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { 'small.txt': 'small\n', 'dumps/core': '' })
  truncateSync(join(opened.root, 'dumps/core'), megabyte + 1)
  for (const taken of [await take(opened), await take(opened)]) {
    expect(taken.leftOut).toEqual(['dumps/core'])
    expect(treePaths(opened, taken.tree)).toEqual(['a.txt', 'small.txt', 'src/b.txt'])
  }
})

test('a tracked file over the limit is captured, also one that was only staged', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { staged: 'x'.repeat(megabyte + 1), 'a.txt': 'y'.repeat(megabyte + 1) })
  gitIn(opened.root, ['add', 'staged'])
  for (const taken of [await take(opened), await take(opened)]) {
    expect(taken.leftOut).toEqual([])
    expect(treePaths(opened, taken.tree)).toEqual(['a.txt', 'src/b.txt', 'staged'])
  }
})

test('an untracked file that grows over the limit after a look is left out of the next', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { core: 'begun' })
  expect((await take(opened)).leftOut).toEqual([])
  truncateSync(join(opened.root, 'core'), megabyte + 1)
  const grown = await take(opened)
  expect(grown.leftOut).toEqual(['core'])
  expect(treePaths(opened, grown.tree)).toEqual(['a.txt', 'src/b.txt'])
  truncateSync(join(opened.root, 'core'), 5)
  expect(treePaths(opened, (await take(opened)).tree)).toContain('core')
})

test('a worktree that never rests gives its last tree, marked as in motion', async () => {
  const root = makeRepository({ files: { '.gitattributes': 'growing filter=grow\n' } })
  const plain = await openBoth(root)
  // Each time git reads the file, it grows.
  const grow = 'filter.grow.clean=cat; echo line >>growing'
  const opened = { ...plain, settings: { ...plain.settings, config: [...plain.settings.config, grow] } }
  writeFiles(root, { growing: 'begin\n' })
  const taken = await take(opened)
  const refused = await worktreeTree(opened.own, requestOf(opened)).catch((thrown: unknown) => thrown)
  expect(taken.inMotion).toBe(true)
  expect(treePaths(opened, taken.tree)).toContain('growing')
  expect(refused).toMatchObject({ code: 'KAGE_WORKTREE_RESTLESS' } satisfies Partial<KageError>)
  expect((await take(plain)).inMotion).toBe(false)
})

test('a look that takes longer than its time fails by name, and goes well with more', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { 'new.txt': 'new\n' })
  const slow = await snapshot(opened.own, { ...requestOf(opened), name: 'slow', timeoutMs: 1 }).catch(
    (thrown: unknown) => thrown,
  )
  expect(slow).toMatchObject({ code: 'KAGE_TIMEOUT' })
  expect(treePaths(opened, (await take(opened)).tree)).toContain('new.txt')
})

function requestOf({ repository, settings, head }: Opened): Parameters<typeof worktreeTree>[1] {
  const { root: workTree, gitDir } = repository
  return { workTree, gitDir, base: head, settings, largeBytes: megabyte }
}

function take(opened: Opened): Promise<Snapshot> {
  return snapshot(opened.own, { ...requestOf(opened), name: 'test' })
}
