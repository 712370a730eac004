import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DaemonStatus, Picked, Results } from '../../src/core/protocol/results.ts'
import type { UndoView } from '../../src/core/protocol/undo-view.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { makeHouse } from '../support/kage.ts'
import { isRunning } from '../support/running.ts'
import { eventsOf } from '../support/run.ts'
import { until } from '../support/until.ts'

test('picks in several repositories at once get undos of their own', async () => {
  const house = makeHouse()
  const repositories = Array.from({ length: 4 }, () => changedRepository())
  for (const repository of repositories) await house.done(repository, ['compare', 'side'])
  const picked = await Promise.all(
    repositories.map((repository, index) =>
      house.done<Picked>(repository, ['pick', `r${index + 1}`, '--from', 'side']),
    ),
  )
  expect(new Set(picked.map(({ undo }) => undo)).size).toBe(4)
  for (const [index, repository] of repositories.entries()) {
    const { undos } = await house.done<{ undos: UndoView[] }>(repository, ['undo', '--list'])
    expect(undos.map(({ id }) => id)).toEqual([picked[index]?.undo])
    await house.done(repository, ['undo'])
    expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n')
  }
  expect(globSync(join(house.directory, 'state/repositories/*/landings/*'))).toEqual([])
})

test('a pick that is asked for again while it is under way lands once', async () => {
  const house = makeHouse()
  const repository = changedRepository()
  await house.done(repository, ['compare', 'side'])
  const client = await personClient(house)
  const params = {
    repo: repository,
    id: 'r1',
    choices: [],
    from: 'side',
    paths: [],
    regions: [],
    lines: [],
    into: null,
    commit: false,
    message: null,
    dryRun: false,
    command: 'the-same-wish',
  }
  const [first, second] = await Promise.all([client.request('pick', params), client.request('pick', params)])
  expect(first).toMatchObject({ result: 'landed', undo: 'u1' })
  expect(second).toEqual(first)
})

test('a daemon that is stopped in the middle of a landing ends it first', async () => {
  const house = makeHouse()
  const repository = changedRepository(400)
  await house.done(repository, ['compare', 'side'])
  const { pid } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  const client = await personClient(house)
  const picking = house.kage<Picked>(repository, ['pick', 'r1', '--from', 'side'])
  for (let after = 0, type = ''; type !== 'merge.prepared'; after++) {
    const page = (await client.request('follow', { after, limit: 1 })) as Results['follow']
    type = page.events[0]?.type ?? ''
  }
  process.kill(pid ?? 0, 'SIGTERM')
  await until(() => !isRunning(pid ?? 0))
  expect((await picking).json).toMatchObject({ result: 'landed', undo: 'u1' })
  const types = (await eventsOf(house, repository)).map(({ type }) => type)
  expect(types.indexOf('merge.landed')).toBeLessThan(types.indexOf('daemon.stopped'))
})

test('what was altered is noted once, however often the regions are shown', async () => {
  const house = makeHouse()
  const repository = changedRepository()
  await house.done(repository, ['compare', 'side'])
  await house.done(repository, ['regions', 'r1'])
  gitIn(repository, ['config', 'core.fsmonitor', 'false'])
  for (let count = 0; count < 3; count++) await house.done(repository, ['regions', 'r1'])
  const types = (await eventsOf(house, repository, 'r1')).map(({ type }) => type)
  expect(types.filter((type) => type === 'alarm.raised')).toHaveLength(1)
})

/** A repository whose branch `side` changes a file, and adds that many. */
function changedRepository(added = 0): string {
  const repository = makeRepository()
  gitIn(repository, ['checkout', '--quiet', '-b', 'side'])
  writeFiles(repository, { 'a.txt': 'one\nTWO\nthree\n' })
  writeFiles(
    repository,
    Object.fromEntries(Array.from({ length: added }, (_, at) => [`new/${at}.txt`, `${at}\n`])),
  )
  commitAll(repository, 'side')
  gitIn(repository, ['checkout', '--quiet', 'main'])
  return repository
}
