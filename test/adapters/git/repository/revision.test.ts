import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRepository } from '../../../../src/adapters/git/repository/repository.ts'
import { findRevision } from '../../../../src/adapters/git/repository/revision.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'

const settings: readonly (readonly [string, (root: string) => unknown])[] = [
  ['on a branch', () => {}],
  ['whose refs are packed', (root) => gitIn(root, ['pack-refs', '--all'])],
  ['detached', (root) => gitIn(root, ['checkout', '-q', '--detach', 'HEAD^'])],
  [
    'on a branch with another script in its name',
    (root) => gitIn(root, ['checkout', '-qb', 'zweig/ü 枝'.replace(' ', '-')]),
  ],
  [
    'on a name for another branch',
    (root) => {
      gitIn(root, ['symbolic-ref', 'refs/heads/alias', 'refs/heads/main'])
      gitIn(root, ['symbolic-ref', 'HEAD', 'refs/heads/alias'])
    },
  ],
]

test.each(settings)('HEAD is found %s', async (_, arrange) => {
  const root = makeRepository()
  writeFiles(root, { 'second.txt': '2\n' })
  commitAll(root, 'second')
  arrange(root)
  expect(await findRevision(await openRepository(root), 'HEAD')).toBe(headOf(root))
})

test('HEAD is that of the worktree that was asked for', async () => {
  const root = makeRepository()
  const linked = join(temporaryDirectory(), 'linked')
  gitIn(root, ['worktree', 'add', '-q', '-b', 'side', linked])
  writeFiles(linked, { 'side.txt': 's\n' })
  const side = commitAll(linked, 'side')
  expect(await findRevision(await openRepository(linked), 'HEAD')).toBe(side)
  expect(await findRevision(await openRepository(root), 'HEAD')).toBe(headOf(root))
  expect(side).not.toBe(headOf(root))
})

test('there is no HEAD before the first commit', async () => {
  const root = temporaryDirectory()
  gitIn(root, ['init', '-q'])
  expect(await findRevision(await openRepository(root), 'HEAD')).toBe(null)
})
