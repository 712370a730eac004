import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { makeHouse } from '../support/kage.ts'
import { agentNow, eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { makeWorkers } from '../support/worker.ts'

test('an end whose last snapshot cannot be taken is an end, and no success', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'w=$PWD; cd /; rm -rf "$w"; echo "a file stands there now" > "$w"')
  await spawnRun(house, repository)
  expect((await house.kage(repository, ['wait', 'r1', '--timeout', '60'])).code).toBe(3)
  const types = (await eventsOf(house, repository, 'r1')).map(({ type }) => type)
  // Whoever looks just between the two sees that it is gone.
  expect(types.filter((type) => type === 'candidate.failed' || type === 'worktree.lost')).not.toEqual([])
})

test('waiting for one agent tells about that agent alone', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  house.agent('bo', 'echo b > b.txt')
  house.agent('cy', 'exit 7')
  await spawnRun(house, repository)
  expect((await house.kage(repository, ['wait', 'r1/bo', '--timeout', '20'])).code).toBe(0)
  expect((await house.kage(repository, ['wait', 'r1/cy', '--timeout', '20'])).code).toBe(3)
})

test('what was stopped can be cleaned at once, and once', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.add('bo')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  await house.done(repository, ['stop', 'r1'])
  expect(await house.done(repository, ['clean', 'r1'])).toEqual({ removed: ['r1/ada', 'r1/bo'] })
  expect(await house.done(repository, ['clean', 'r1'])).toEqual({ removed: [] })
  const types = (await eventsOf(house, repository, 'r1')).map(({ type }) => type)
  expect(types.filter((type) => type === 'run.cleaning')).toHaveLength(1)
  expect(readdirSync(join(house.directory, 'state/spool'))).toEqual([])
})

test('what was written between the wish to clean and the removal is parked first', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.letGo()
  await house.done(repository, ['daemon', 'start'], { environment: { KAGE_CRASH_AT: 'run.cleaning' } })
  await spawnRun(house, repository)
  await house.done(repository, ['wait', 'r1', '--timeout', '20'])
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  const client = await personClient(house)
  await expect(client.request('clean', { repo: repository, id: 'r1', force: false })).rejects.toThrow()
  writeFileSync(join(worktree, 'late.txt'), 'late\n')
  expect(await house.done(repository, ['clean', 'r1'])).toEqual({ removed: ['r1/ada'] })
  expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toContain('+late')
})
