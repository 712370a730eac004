import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { alteredParts, fingerprint } from '../../../../src/adapters/git/repository/fingerprint.ts'
import { openRepository } from '../../../../src/adapters/git/repository/repository.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'

test('every part that could run code is told apart when it changes', async () => {
  const root = makeRepository()
  const linked = join(temporaryDirectory(), 'linked')
  gitIn(root, ['worktree', 'add', '-q', linked])
  const repository = await openRepository(root)
  const common = join(root, '.git')
  const admin = join(common, 'worktrees/linked')
  mkdirSync(join(common, 'hooks'), { recursive: true })
  writeFileSync(join(common, 'hooks/pre-commit'), '#!/bin/sh\n')
  const changes: readonly (readonly [string, () => void])[] = [
    [join(common, 'config'), () => gitIn(root, ['config', 'core.fsmonitor', 'x'])],
    [join(common, 'config.worktree'), () => writeFileSync(join(common, 'config.worktree'), '[core]\n')],
    [join(common, 'hooks'), () => writeFileSync(join(common, 'hooks/post-commit'), '#!/bin/sh\n')],
    [join(common, 'hooks'), () => chmodSync(join(common, 'hooks/pre-commit'), 0o755)],
    [join(common, 'hooks'), () => symlinkSync('/bin/true', join(common, 'hooks/post-merge'))],
    [join(common, 'info/attributes'), () => writeFileSync(join(common, 'info/attributes'), '* filter=x\n')],
    [join(admin, 'config.worktree'), () => writeFileSync(join(admin, 'config.worktree'), '[core]\n')],
    [join(linked, '.git'), () => writeFileSync(join(linked, '.git'), `gitdir: ${admin}/.\n`)],
  ]
  for (const [part, change] of changes) {
    const before = await fingerprint(repository, [linked])
    change()
    expect(alteredParts(before, await fingerprint(repository, [linked]))).toEqual([part])
  }
})

test('work, commits, branches and other worktrees change no fingerprint', async () => {
  const root = makeRepository()
  const repository = await openRepository(root)
  const before = await fingerprint(repository)
  writeFiles(root, { 'a.txt': 'x\n' })
  commitAll(root, 'work')
  gitIn(root, ['branch', 'x'])
  gitIn(root, ['worktree', 'add', '-q', join(temporaryDirectory(), 'other')])
  gitIn(root, ['gc', '-q'])
  expect(alteredParts(before, await fingerprint(repository))).toEqual([])
})
