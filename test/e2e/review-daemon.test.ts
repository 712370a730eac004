import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { DaemonStatus } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { agentClient } from '../support/house-client.ts'
import { makeHouse } from '../support/kage.ts'
import { isRunning } from '../support/running.ts'
import { eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

test('a daemon whose socket is removed makes way for another, and its agents go on', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const { pid, socket } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  rmSync(socket)
  await until(() => !isRunning(pid ?? 0))
  workers.letGo()
  await house.done(repository, ['wait', 'r1', '--timeout', '20'])
  expect(workers.starts()).toEqual({ 'r1/ada': 1 })
})

test('an agent that says the same again adds nothing to the log', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const ada = await agentClient(house, 'r1/ada')
  for (let count = 0; count < 50; count++)
    await ada.request('report', { status: 'working', message: 'reads' })
  await ada.request('ask', { question: 'which one?' })
  const types = (await eventsOf(house, repository, 'r1')).map(({ type }) => type)
  expect(types.filter((type) => type === 'agent.reported')).toHaveLength(2)
})

test("an agent's socket goes with the agent, also where its worktree is gone", async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'rm -rf "$PWD"')
  await spawnRun(house, repository)
  await house.kage(repository, ['wait', 'r1', '--timeout', '20'])
  await until(() =>
    agentClient(house, 'r1/ada').then(
      () => false,
      () => true,
    ),
  )
})
