import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Examination } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'

test('spawn and doctor say that linked worktrees lack the hooks of an untracked directory', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  house.configure('[worktree]\ngit = "linked"')
  const repository = makeRepository()
  writeFiles(repository, { '.hooks/pre-commit': '#!/bin/sh\n' })
  chmodSync(join(repository, '.hooks/pre-commit'), 0o755)
  gitIn(repository, ['config', 'core.hooksPath', '.hooks'])
  const warning =
    'core.hooksPath is ".hooks", which git does not track: commits in linked worktrees skip pre-commit.'
  expect((await house.kage(repository, ['spawn', '-a', 'ada', 'task'])).stderr).toContain(
    `kage: ${warning}\n`,
  )
  const { json } = await house.kage<Examination>(repository, ['doctor'])
  expect(json.checks.filter(({ name }) => name === 'hooks')).toMatchObject([
    { ok: true, note: true, detail: warning },
  ])
  gitIn(repository, ['config', '--unset', 'core.hooksPath'])
  const quiet = await house.kage<Examination>(repository, ['doctor'])
  expect(quiet.json.checks.some(({ name }) => name === 'hooks')).toBe(false)
})
