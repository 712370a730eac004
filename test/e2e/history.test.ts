import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { KageEvent } from '../../src/core/event.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState } from '../../src/core/state.ts'
import type { Results } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

const program = resolve(import.meta.dirname, '../../bin/kage')

test('the log tells all that happened, from any number on, of all or of one', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.add('bo')
  workers.letGo()
  await house.done(repository, ['spawn', '--wait', 'x'])
  const events = await eventsOf(house, repository)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(await eventsOf(house, repository, '--since', '3')).toEqual(events.slice(3))
  expect((await eventsOf(house, repository, 'r1/ada')).map(({ type }) => type)).toEqual([
    'worktree.added',
    'pane.opened',
    'agent.started',
    'agent.exited',
    'candidate.captured',
    'branch.published',
  ])
  for (const event of events) {
    expect(event.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(Object.keys(event)).toEqual(
      expect.arrayContaining(['seq', 'at', 'type', 'v', 'run', 'agent', 'data']),
    )
  }
})

test('following shows each event once as it comes, also over a restart of the daemon', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  await house.done(repository, ['daemon', 'start'])
  const child = spawn(program, ['--json', 'log', '--follow'], {
    cwd: repository,
    env: house.environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  const seen = (): KageEvent[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as KageEvent)
  await until(() => seen().some(({ type }) => type === 'daemon.started'))
  await spawnRun(house, repository)
  await until(() => seen().some(({ type }) => type === 'agent.started'))
  await house.killDaemon()
  await house.done(repository, ['stop', 'r1'])
  await until(() => seen().some(({ type }) => type === 'agent.exited'))
  expect(seen().map(({ seq }) => seq)).toEqual(seen().map((_, index) => index + 1))
})

test('the state of any moment is what it was then, and the fold of the log', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const then = await house.done<Results['state']>(repository, ['state'])
  workers.letGo()
  await untilAll(house, repository, 'done')
  expect(await house.done(repository, ['state', '--at', String(then.seq)])).toEqual(then)
  const now = await house.done<Results['state']>(repository, ['state'])
  const events = await eventsOf(house, repository)
  const at = events.find(({ seq }) => seq === then.seq)?.at ?? ''
  expect((await house.done<Results['state']>(repository, ['state', '--at', at])).seq).toBeGreaterThanOrEqual(
    then.seq,
  )
  const folded = events.filter(({ seq }) => seq <= now.seq).reduce(reduce, emptyState)
  expect(JSON.parse(JSON.stringify(folded))).toEqual(now.state)
  expect((await house.kage(repository, ['state', '--at', 'never'])).code).not.toBe(0)
})

test('a reader that goes away ends the output in silence', async () => {
  const house = makeHouse()
  const child = spawn(program, ['help'], { env: house.environment, stdio: ['ignore', 'pipe', 'pipe'] })
  // Gone long before the program begins to write.
  child.stdout.destroy()
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  expect([code, Buffer.concat(said).toString('utf8')]).toEqual([0, ''])
})
