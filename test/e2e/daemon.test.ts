import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DaemonStatus } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { isRunning } from '../support/running.ts'
import { eventsOf, runNow, spawnRun, statuses, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { ownThings } from '../support/untouched.ts'
import { makeWorkers } from '../support/worker.ts'

test('asking for the status starts no daemon', async () => {
  const house = makeHouse()
  const said = await house.kage<DaemonStatus>(house.directory, ['daemon', 'status'])
  expect(said.code).toBe(0)
  expect(said.json).toMatchObject({ pid: null, events: null, agents: null })
  expect(existsSync(join(house.directory, 'state'))).toBe(false)
  expect((await house.kage(house.directory, ['daemon', 'stop'])).code).toBe(0)
  expect(existsSync(join(house.directory, 'state'))).toBe(false)
})

test('twenty clients at once start one daemon, also over the socket of a killed one', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const all = (): Promise<unknown[]> =>
    Promise.all(Array.from({ length: 20 }, () => house.done(repository, ['ls'])))
  await all()
  expect(await startsOf(house, repository)).toBe(1)
  await house.killDaemon()
  await all()
  expect(await startsOf(house, repository)).toBe(2)
})

test.for(['SIGTERM', 'SIGKILL'] as const)(
  'agents go on while the daemon is down after %s, and their ends are noticed',
  async (end) => {
    const house = makeHouse()
    const repository = makeRepository()
    const before = ownThings(repository)
    const workers = makeWorkers(house)
    workers.add('ada')
    workers.add('bo', 'exit 7')
    await spawnRun(house, repository)
    const working = await untilAll(house, repository, 'working')
    await endDaemon(house, end)
    expect((await house.done<DaemonStatus>(repository, ['daemon', 'status'])).pid).toBeNull()
    for (const agent of working.agents) expect(isRunning(agent.pid)).toBe(true)

    workers.letGo()
    await until(() => working.agents.every((agent) => !isRunning(agent.pid)))
    const waited = await house.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '20'])
    expect(waited.code).toBe(3)
    expect(waited.json.run.agents.map(({ status, reason }) => [status, reason])).toEqual([
      ['done', 'ended with exit status 0'],
      ['failed', 'ended with exit status 7'],
    ])
    expect(waited.json.run.agents.map(({ changed }) => changed.files)).toEqual([1, 1])
    expect(workers.starts()).toEqual({ 'r1/ada': 1, 'r1/bo': 1 })
    expect(ownThings(repository)).toEqual(before)
  },
)

test('a restart keeps the same panes and processes', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.add('bo')
  await spawnRun(house, repository)
  const before = await untilAll(house, repository, 'working')
  const first = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  const second = await house.done<DaemonStatus>(repository, ['daemon', 'restart'])
  expect(second.pid).not.toBe(first.pid)
  expect(second.agents).toBe(2)
  expect(await runNow(house, repository)).toEqual(before)
  workers.letGo()
  expect(statuses(await untilAll(house, repository, 'done'))).toEqual(['done', 'done'])
  expect(workers.starts()).toEqual({ 'r1/ada': 1, 'r1/bo': 1 })
})

test('what was acknowledged outlives a kill right after the answer', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo done > done.txt')
  for (const id of ['r1', 'r2', 'r3']) {
    const run = await spawnRun(house, repository)
    await house.killDaemon()
    expect(run.id).toBe(id)
  }
  const { runs } = await house.done<{ runs: RunView[] }>(repository, ['ls'])
  expect(runs.map((run) => run.id)).toEqual(['r1', 'r2', 'r3'])
  for (const { id } of runs)
    expect((await house.kage(repository, ['wait', id, '--timeout', '20'])).code).toBe(0)
})

async function startsOf(house: House, repository: string): Promise<number> {
  const events = await eventsOf(house, repository)
  return events.filter((event) => event.type === 'daemon.started').length
}

async function endDaemon(house: House, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const { pid } = await house.done<DaemonStatus>(house.directory, ['daemon', 'status'])
  process.kill(pid ?? 0, signal)
  await until(() => !isRunning(pid))
}
