import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DaemonStatus } from '../../src/core/protocol/results.ts'
import { olderBuild } from '../support/fixture/older.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { isRunning } from '../support/running.ts'
import { eventsOf, runNow, statuses, untilAll } from '../support/run.ts'
import { makeWorkers } from '../support/worker.ts'

test('a newer client takes over from the daemon of 0.1.0 in the middle of a run, once however many ask', async () => {
  const program = olderBuild('0.1.0')
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.add('bo')
  await house.done(repository, ['spawn', 'a task'], { program })
  const before = await untilAll(house, repository, 'working')
  await Promise.all(Array.from({ length: 5 }, () => house.done(repository, ['ls'])))
  const started = (await eventsOf(house, repository)).filter(({ type }) => type === 'daemon.started')
  expect(started).toHaveLength(2)
  expect((await runNow(house, repository)).agents.map(({ pid }) => pid)).toEqual(
    before.agents.map(({ pid }) => pid),
  )
  expect(before.agents.every(({ pid }) => isRunning(pid))).toBe(true)
  workers.letGo()
  expect(statuses(await untilAll(house, repository, 'done'))).toEqual(['done', 'done'])
  expect(workers.starts()).toEqual({ 'r1/ada': 1, 'r1/bo': 1 })
  await house.done(repository, ['pick', 'r1', '--from', 'ada'])
  expect(readFileSync(join(repository, 'ada.txt'), 'utf8')).toBe('by ada\n')
})

test('a client of 0.1.0 is told to use the newer one, and what it starts refuses the store by name', async () => {
  const program = olderBuild('0.1.0')
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  await house.done(repository, ['spawn', 'a task'])
  const { pid } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  const refused = await house.kage<Refusal>(repository, ['ls'], { program })
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_DAEMON_VERSION' } } })
  expect(refused.json.error.message).toBe(
    'This client is kage 0.1.0 (protocol 4); the daemon is Kage 0.1.0 (protocol 5).',
  )
  expect(refused.json.error.hint).toContain('Use the newer of the two')
  expect(isRunning(pid)).toBe(true)
  const restarted = await house.kage<Refusal>(repository, ['daemon', 'restart'], { program })
  expect(restarted).toMatchObject({ code: 1, json: { error: { code: 'KAGE_STORE' } } })
  expect(restarted.json.error.message).toBe(
    'The store was written by a newer Kage (format 2; this one knows 1).',
  )
  expect(restarted.json.error.hint).toContain('Nothing was changed.')
  expect(statuses(await untilAll(house, repository, 'working'))).toEqual(['working'])
})

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string }
}
