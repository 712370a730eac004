import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Results } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { spawnRun, untilAll } from '../support/run.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'

test('agents whose state directory was deleted are shown, keep their ids, and are cleaned without losing a file', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo precious > work.txt; exec sleep 1000')
  const { agents } = await spawnRun(house, repository)
  const worktree = agents[0]?.worktree ?? ''
  await until(() => existsSync(join(worktree, 'work.txt')))
  const working = await untilAll(house, repository, 'working')
  const pid = working.agents[0]?.pid ?? 0
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  await house.killDaemon()
  rmSync(join(house.directory, 'state'), { recursive: true })
  const { runs, strays = [] } = await house.done<Results['ls']>(repository, ['ls'])
  expect(runs).toEqual([])
  expect(strays.map(({ id, worktree: place }) => [id, place])).toEqual([['r1/ada', worktree]])
  expect(strays[0]?.processes.map((each) => each.pid)).toContain(pid)
  const shown = (await house.plain(repository, ['ls'])).stdout
  expect(shown).toContain('r1/ada')
  expect(shown).toContain(`process ${pid} still runs: sleep 1000`)
  house.agent('bo', 'exit 0')
  expect((await spawnRun(house, repository, '-a', 'bo')).id).toBe('r2')
  const refused = await house.kage(repository, ['clean', 'r1'])
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_WORK_UNSAVED' } } })
  expect([isRunning(pid), existsSync(worktree)]).toEqual([true, true])
  const cleaned = await house.done<Results['clean']>(repository, ['clean', 'r1', '--force'])
  expect(cleaned.removed).toEqual(['r1/ada'])
  expect([isRunning(pid), existsSync(worktree)]).toEqual([false, false])
  expect(readFileSync(join(cleaned.parked[0]?.place ?? '', 'work.txt'), 'utf8')).toBe('precious\n')
  const after = await house.done<Results['ls']>(repository, ['ls'])
  expect([after.strays, after.runs.map(({ id }) => id)]).toEqual([undefined, ['r2']])
})

test('agents of other stores and of known runs are no strays', async () => {
  const house = makeHouse()
  const other = makeHouse()
  const repository = makeRepository()
  for (const each of [house, other]) {
    each.agent('ada', 'exec sleep 1000')
    const { id } = await spawnRun(each, repository)
    await untilAll(each, repository, 'working', id)
  }
  expect(await house.done<Results['ls']>(repository, ['ls', '--all'])).not.toHaveProperty('strays')
  await house.done(repository, ['stop', 'r1'])
  await other.done(repository, ['stop', 'r2'])
})
