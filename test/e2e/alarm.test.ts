import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'

test('an agent that plants configuration is noted, and what it planted does not run', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const marker = `${house.directory}/marker`
  house.agent('evil', `git config core.fsmonitor "touch ${marker}; false"; echo evil >> a.txt`)
  await house.done<{ run: RunView }>(repository, ['spawn', '--wait', '--timeout', '20', 'do it'])
  const said = await house.plain(repository, ['regions', 'r1'])
  expect(said.stderr).toContain('/.git/config is not as it was when r1 began')
  const events = (await house.plain(repository, ['log', 'r1', '--json'])).stdout.trim().split('\n')
  expect(events.filter((line) => line.includes('"repository.altered"'))).toHaveLength(1)
  await house.done(repository, ['pick', 'r1', '--from', 'evil'])
  expect(existsSync(marker)).toBe(false)
})
