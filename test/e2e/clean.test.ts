import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, Results } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { spawnRun, untilAll } from '../support/run.ts'
import { ownThings } from '../support/untouched.ts'
import { makeWorkers } from '../support/worker.ts'

test('cleaning removes worktrees and panes, keeps branches and the work, and a second time does nothing', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const before = ownThings(repository)
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.add('bo')
  workers.letGo()
  const { agents } = await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  const cleaned = await house.done<Results['clean']>(repository, ['clean'])
  expect(cleaned.removed).toEqual(['r1/ada', 'r1/bo'])
  expect(agents.map(({ worktree }) => existsSync(worktree))).toEqual([false, false])
  expect(house.tmux('list-panes', '-a', '-F', '#{@kage_agent}').trim()).toBe('')
  expect(gitIn(repository, ['branch', '--list', 'kage/*', '--format=%(refname:short)'])).toBe(
    'kage/r1/ada\nkage/r1/bo\n',
  )
  expect((await house.done<Results['clean']>(repository, ['clean'])).removed).toEqual([])
  expect((await house.done<Picked>(repository, ['pick', 'r1', '--from', 'bo'])).result).toBe('landed')
  await house.done(repository, ['undo'])
  expect(ownThings(repository)).toEqual(before)
})

test('a run at work is not cleaned, and a plain clean leaves it alone', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  const { agents } = await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  expect(await house.kage(repository, ['clean', 'r1'])).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_RUN_BUSY' } },
  })
  expect((await house.done<Results['clean']>(repository, ['clean'])).removed).toEqual([])
  expect(existsSync(agents[0]?.worktree ?? '')).toBe(true)
})

test('work that no snapshot holds is not cleaned; by force it is parked first', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.letGo()
  const { agents } = await spawnRun(house, repository)
  await house.done(repository, ['wait', 'r1'])
  const worktree = agents[0]?.worktree ?? ''
  writeFileSync(join(worktree, 'late.txt'), 'late work\n')
  const refused = await house.kage(repository, ['clean', 'r1'])
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_WORK_UNSAVED' } } })
  expect(existsSync(join(worktree, 'late.txt'))).toBe(true)

  await house.done(repository, ['clean', 'r1', '--force'])
  expect(existsSync(worktree)).toBe(false)
  expect((await house.plain(repository, ['diff', 'r1'])).stdout).toContain('+late work')
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--path', 'late.txt'])
  expect(existsSync(join(repository, 'late.txt'))).toBe(true)
})
