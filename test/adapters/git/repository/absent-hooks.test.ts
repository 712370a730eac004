import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { absentHooks } from '../../../../src/adapters/git/repository/absent-hooks.ts'
import { openWithSettings } from '../../../../src/adapters/git/repository/repository.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'

/** What `absentHooks` finds in a repository with this `core.hooksPath` and these executable files. */
async function found(hooksPath: string | null, tracked: readonly string[], untracked: readonly string[]) {
  const root = makeRepository()
  const write = (files: readonly string[]): void => {
    writeFiles(root, Object.fromEntries(files.map((file) => [file, '#!/bin/sh\n'])))
    for (const file of files) if (!file.endsWith('.txt')) chmodSync(join(root, file), 0o755)
  }
  write(tracked)
  commitAll(root, 'hooks')
  write(untracked)
  if (hooksPath !== null) gitIn(root, ['config', 'core.hooksPath', hooksPath.replace('ROOT', root)])
  const { repository, settings } = await openWithSettings(root)
  return absentHooks(repository, settings)
}

test('hooks of a relative directory that git does not track are absent in worktrees', async () => {
  expect(
    await found(
      '.husky/_',
      ['.husky/pre-commit'],
      ['.husky/_/pre-commit', '.husky/_/husky.sh', '.husky/_/notes.txt'],
    ),
  ).toEqual({
    directory: '.husky/_',
    hooks: ['pre-commit'],
  })
  expect(await found('hooks', ['hooks/pre-push'], ['hooks/commit-msg'])).toEqual({
    directory: 'hooks',
    hooks: ['commit-msg'],
  })
})

test('tracked hooks, an absolute directory and none at all are no reason to warn', async () => {
  expect(await found('hooks', ['hooks/pre-commit'], [])).toBeNull()
  expect(await found('ROOT/hooks', [], ['hooks/pre-commit'])).toBeNull()
  expect(await found('nowhere', [], [])).toBeNull()
  expect(await found(null, [], ['.git/hooks/pre-commit'])).toBeNull()
})
