import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import type { Picked, RegionsView, Results } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { stateVersion } from '../../src/core/state.ts'
import { olderBuild, olderFiles, olderHouse, type OlderHouse } from '../support/fixture/older.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { makeHouse } from '../support/kage.ts'
import { reviewing } from '../support/review-client.ts'
import { eventsOf, runNow, statuses, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

const version = '0.1.0'

test.for(['landing', 'undo', 'launch'])('the events that 0.1.0 wrote are whole: %s', async (name) => {
  const store = await openStore(join(olderFiles(version, name), 'state'), { stateVersion })
  expect(await store.verify()).toMatchObject({ ok: true, purged: 0 })
  await store.close()
})

test('a landing of 0.1.0 that was cut off lands, and every landing of it is undone', async () => {
  const older = olderHouse(version, 'landing')
  const { repository } = older
  expect(await standing(older)).toEqual(['u5', 'u4', 'u3', 'u1'])
  expect(poem(older, 3)).toBe('mine 3')
  expect(poem(older, 4)).toBe('ada 3')
  expect(poem(older, 16)).toBe('ada 15')
  expect(readFileSync(join(repository, 'bo.txt'), 'utf8')).toBe('new\n')
  for (const undo of ['u5', 'u4', 'u3', 'u1'])
    expect(await older.done(repository, ['undo', undo])).toEqual({ restored: undo })
  expect(gitIn(repository, ['status', '--porcelain'])).toBe(' M poem.txt\n')
  expect(gitIn(repository, ['diff', '--numstat'])).toBe('1\t1\tpoem.txt\n')
  expect(gitIn(repository, ['log', '--format=%s', 'side'])).toBe('first\n')
})

test('a review of 0.1.0 goes on with what was pending in it', async () => {
  const older = olderHouse(version, 'landing')
  const { repository } = older
  await older.done(repository, ['ls'])
  const reviewer = reviewing(await personClient(older), repository)
  const shown = await reviewer.review()
  expect(shown.comments).toMatchObject([{ id: 'c1', place: 'poem.txt:3', message: 'why?' }])
  expect(shown.kept).toHaveLength(1)
  expect(shown.pending.added.map(({ source }) => source)).toContainEqual(['bo'])
  const again = await reviewer.take('bo')
  expect(again.pending.added.length).toBeGreaterThan(0)
})

test('an undo of 0.1.0 that was cut off ends, and the same can be picked again', async () => {
  const older = olderHouse(version, 'undo')
  const { repository } = older
  expect(await standing(older)).toEqual(['u4', 'u3', 'u1'])
  expect(existsSync(join(repository, 'bo.txt'))).toBe(false)
  const picked = await older.done<Picked>(repository, ['pick', 'r1', 'g2=bo', 'g5=ada'])
  expect(picked).toMatchObject({ result: 'landed', undo: 'u6' })
  expect(readFileSync(join(repository, 'bo.txt'), 'utf8')).toBe('new\n')
})

test('runs of 0.1.0 are shown, compared and cleaned in the worktrees that it made', async () => {
  const older = olderHouse(version, 'landing')
  const { repository } = older
  const { runs } = await older.done<{ runs: RunView[] }>(repository, ['ls', '--all'])
  expect(runs.map(({ id, mode }) => `${id} ${mode}`)).toEqual(['r1 race', 'r2 compare', 'r3 race', 'r4 race'])
  expect(runs.slice(0, 3).map(statuses)).toEqual([['done', 'done'], ['done'], ['failed']])
  expect(runs[0]?.agents[0]).toMatchObject({ turns: 1, tokensIn: 1000 })
  const { regions } = await older.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions.map(({ id, path }) => `${id} ${path}`)).toEqual([
    'g1 ada.txt',
    'g2 bo.txt',
    'g3 poem.txt',
    'g4 poem.txt',
    'g5 poem.txt',
  ])
  const { patch } = await older.done<{ patch: string }>(repository, ['diff', 'r1/bo'])
  expect(patch).toContain('+bo 8')
  await until(async () => (await runNow(older, repository, 'r4')).status === 'failed')
  await older.done(repository, ['clean', '--force'])
  expect(gitIn(repository, ['worktree', 'list']).trim().split('\n')).toHaveLength(1)
})

test('an agent that 0.1.0 had not started yet when its pane went is resumed, and started once', async () => {
  const older = olderHouse(version, 'launch')
  const { repository } = older
  await until(async () => (await runNow(older, repository, 'r5')).status === 'failed')
  await older.done(repository, ['resume', 'r5'])
  await older.done(repository, ['wait', 'r5', '--timeout', '20'])
  expect(statuses(await runNow(older, repository, 'r5'))).toEqual(['done'])
  const started = (await eventsOf(older, repository, 'r5')).filter(({ type }) => type === 'agent.started')
  expect(started).toHaveLength(1)
  const { patch } = await older.done<{ patch: string }>(repository, ['diff', 'r5'])
  expect(patch).toContain('+bo 8')
})

test('agents that 0.1.0 started in linked worktrees go on under this version', async () => {
  const program = olderBuild(version)
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada', 'git add ada.txt; git commit -qm ada; echo more >> ada.txt')
  await house.done(repository, ['spawn', 'a task'], { program })
  await untilAll(house, repository, 'working')
  await house.done(repository, ['daemon', 'restart'])
  expect(statuses(await runNow(house, repository))).toEqual(['working'])
  workers.letGo()
  await house.done(repository, ['wait', 'r1', '--timeout', '20'])
  expect(workers.starts()).toEqual({ 'r1/ada': 1 })
  await house.done(repository, ['pick', 'r1', '--from', 'ada'])
  expect(readFileSync(join(repository, 'ada.txt'), 'utf8')).toBe('by ada\nmore\n')
  await house.done(repository, ['undo'])
  await house.done(repository, ['clean', 'r1'])
  expect(gitIn(repository, ['worktree', 'list']).trim().split('\n')).toHaveLength(1)
})

async function standing({ done, repository }: OlderHouse): Promise<string[]> {
  const { undos } = await done<Results['undos']>(repository, ['undo', '--list'])
  return undos.map(({ id }) => id)
}

function poem({ repository }: OlderHouse, line: number): string | undefined {
  return readFileSync(join(repository, 'poem.txt'), 'utf8').split('\n')[line - 1]
}
