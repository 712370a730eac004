import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventType } from '../../src/core/event.ts'
import type { DaemonStatus, Picked, RegionsView, Results } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { eventsOf, runNow, spawnRun, statuses } from '../support/run.ts'
import { ownThings } from '../support/untouched.ts'
import { makeWorkers } from '../support/worker.ts'

const mainWay: readonly EventType[] = [
  'run.started',
  'worktree.added',
  'pane.opened',
  'agent.started',
  'agent.exited',
  'candidate.captured',
  'regions.numbered',
  'merge.prepared',
  'merge.landed',
  'merge.undoing',
  'merge.undone',
  'run.cleaning',
  'pane.closed',
  'worktree.removed',
]

test.for(mainWay)('a daemon killed right after %s costs nothing', async (type) => {
  const house = makeHouse()
  const text = 'one\ntwo\nthree\n'
  const repository = makeRepository({ files: { 'poem.txt': text } })
  const before = ownThings(repository)
  const workers = makeWorkers(house)
  workers.add('ada', `sed -i 's/one/one of ada/' poem.txt`)
  workers.add('bo', `sed -i 's/three/three of bo/' poem.txt`)
  workers.letGo()
  const start = await house.done<DaemonStatus>(repository, ['daemon', 'start'], {
    environment: { KAGE_CRASH_AT: type },
  })

  expect((await spawnRun(house, repository)).id).toBe('r1')
  await house.done(repository, ['wait', 'r1', '--timeout', '20'])
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions.map(({ id, path }) => `${id} ${path}`)).toEqual([
    'g1 ada.txt',
    'g2 bo.txt',
    'g3 poem.txt',
    'g4 poem.txt',
  ])
  const picked = await house.done<Picked>(repository, ['pick', 'r1', 'g1=ada', 'g3=ada', 'g4=bo'])
  expect(picked).toMatchObject({ result: 'landed', undo: 'u1' })
  expect(readFileSync(join(repository, 'poem.txt'), 'utf8')).toBe('one of ada\ntwo\nthree of bo\n')
  expect(await house.done(repository, ['undo'])).toEqual({ restored: 'u1' })
  expect(ownThings(repository)).toEqual(before)
  await house.done<Results['clean']>(repository, ['clean', 'r1'])

  const end = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  expect(end.pid).not.toBe(start.pid)
  expect(workers.starts()).toEqual({ 'r1/ada': 1, 'r1/bo': 1 })
  expect(statuses(await runNow(house, repository))).toEqual(['done', 'done'])
  const events = await eventsOf(house, repository)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.filter((event) => event.type === 'run.started')).toHaveLength(1)
  expect(readdirSync(join(house.directory, 'data/worktrees'), { recursive: true })).toHaveLength(1)
  expect(gitIn(repository, ['worktree', 'list', '--porcelain']).match(/^worktree /gm)).toHaveLength(1)
  expect(
    gitIn(repository, ['for-each-ref', '--format=%(refname:short) %(contents:subject)', 'refs/heads/']),
  ).toBe('kage/r1/ada a task\nkage/r1/bo a task\nmain first\n')
  expect(house.tmux('list-panes', '-a', '-F', '#{@kage_agent}').trim()).toBe('')
  expect(ownThings(repository)).toEqual(before)
})
