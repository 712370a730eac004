import { expect, test } from 'vitest'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { runNow, spawnRun } from '../support/run.ts'
import { until } from '../support/until.ts'

test('a run of which most agents failed says so in ls, wait and tmux', async () => {
  const house = makeHouse()
  house.agent('ada', 'echo new > new.txt')
  house.agent('bo', 'exit 1')
  const repository = makeRepository()
  await spawnRun(house, repository, '-a', 'ada', ...Array.from({ length: 7 }, () => ['-a', 'bo']).flat())
  const waited = await house.plain(repository, ['wait', 'r1', '--timeout', '60'])
  expect(waited.code).toBe(3)
  for (const { stdout } of [waited, await house.plain(repository, ['ls'])]) {
    expect(stdout).toMatch(/^r1 {2}done {5}a task \(1 of 8 done, 7 failed\)$/m)
    expect(stdout).toMatch(/✓ ada +done +1 file \+1 -0/)
  }
  const summary = (): string => house.tmux('show-environment', '-gh', 'KAGE_SUMMARY').trim()
  await until(() => summary() === 'KAGE_SUMMARY=1✓ 7✗')
})

test('an ended agent never shows no changes before they are counted', async () => {
  const house = makeHouse()
  house.agent('ada', 'echo new > new.txt')
  const repository = makeRepository()
  await spawnRun(house, repository, '-n', '4')
  const looks: RunView[] = []
  await until(async () => {
    looks.push(await runNow(house, repository))
    return looks.at(-1)?.agents.every(({ status, captured }) => status === 'done' && captured)
  })
  const counted = looks.flatMap(({ agents }) =>
    agents.filter(({ status, captured }) => status === 'done' && captured),
  )
  expect(new Set(counted.map(({ changed }) => changed.files))).toEqual(new Set([1]))
})
