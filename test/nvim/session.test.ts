import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Connection } from '../../src/adapters/bridge/connection.ts'
import type { KageEvent } from '../../src/core/event.ts'
import type { State } from '../../src/core/state.ts'
import { Session } from '../../src/nvim/session.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

test('a session knows what the daemon knows, event by event', async () => {
  const { house, repository, session, heard } = await begin()
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  await same(house, repository, session)
  expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, at) => (heard[0]?.seq ?? 0) + at))
})

test('after the death of a daemon nothing is missed or heard twice', async () => {
  const { house, repository, session, heard } = await begin()
  await spawnRun(house, repository)
  await until(() => heard.length > 0)
  await house.killDaemon()
  await house.done(repository, ['stop', 'r1'])
  await same(house, repository, session)
  const numbers = heard.map(({ seq }) => seq)
  expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at))
})

test('a daemon that was stopped is left alone, and heard again when somebody starts it', async () => {
  const { house, repository, session, heard } = await begin()
  await house.done(repository, ['daemon', 'stop'])
  await until(() => !session.live)
  expect(heard.map(({ type }) => type)).toEqual(['daemon.stopped'])
  await pause(600)
  expect((await house.done<{ pid: number | null }>(repository, ['daemon', 'status'])).pid).toBeNull()
  await house.done(repository, ['daemon', 'start'])
  await until(() => session.live)
  await spawnRun(house, repository)
  await same(house, repository, session)
})

test('a session has no archived run, until one is named or brought back', async () => {
  const { house, repository, session, heard } = await begin()
  house.agent('bo', 'echo bo > bo.txt')
  await spawnRun(house, repository, '--agent', 'bo', '--wait')
  await house.done(repository, ['pick', 'r1', '--from', 'bo'])
  await house.done(repository, ['clean'])
  await house.done(repository, ['daemon', 'restart'])
  await until(() => session.live && session.state.runs['r1'] === undefined)
  expect(heard.some(({ type }) => type === 'run.archived')).toBe(true)
  expect([session.state.landings, session.state.archive]).toEqual([{}, {}])

  const late = new Session(new Connection(house.environment), () => {})
  onTestFinished(() => late.close())
  expect((await late.ready()).runs).toEqual({})
  await late.bring('r1')
  expect(Object.keys(late.state.landings)).toEqual(['u1'])
  expect(late.state.runs['r1']?.agents[0]).toMatchObject({ name: 'bo', worktreeState: 'removed' })
  await late.bring('r9')
  expect(Object.keys(late.state.runs)).toEqual(['r1'])

  await house.done(repository, ['undo'])
  for (const each of [session, late]) {
    await until(() => each.state.landings['u1']?.phase === 'undone')
    const { state } = await house.done<{ state: State }>(repository, ['state'])
    expect(each.state.landings).toEqual(state.landings)
    expect(each.state.runs['r1']).toEqual({ ...state.runs['r1'], settings: noSettings, guarded: {} })
  }
})

const noSettings = { config: [], attributes: '', exclude: '' }

test('two questions at once share one connection and both are answered', async () => {
  const house = makeHouse()
  await house.done(house.directory, ['daemon', 'start'])
  const connection = new Connection(house.environment)
  onTestFinished(() => connection.close())
  const [one, other] = await Promise.all([connection.ask('status', {}), connection.ask('status', {})])
  expect(one.pid).toBe(other.pid)
})

test('a listener that fails disturbs no other', async () => {
  const defects: unknown[] = []
  const { house, repository, session } = await begin(defects)
  let heard = 0
  session.listen(() => {
    throw new Error('planted')
  })
  session.listen(({ events }) => void (heard += events.length))
  await spawnRun(house, repository)
  await until(() => heard > 0)
  expect(String(defects[0])).toContain('planted')
})

interface Begun {
  readonly house: House
  readonly repository: string
  readonly session: Session
  readonly heard: KageEvent[]
}

async function begin(defects: unknown[] = []): Promise<Begun> {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  await house.done(repository, ['daemon', 'start'])
  const session = new Session(new Connection(house.environment), (thrown) => defects.push(thrown))
  onTestFinished(() => session.close())
  const heard: KageEvent[] = []
  session.listen(({ events }) => void heard.push(...events))
  await session.ready()
  return { house, repository, session, heard }
}

/** The session's state is the daemon's own fold of the same events. */
async function same(house: House, repository: string, session: Session): Promise<void> {
  await until(async () => {
    const { state } = await house.done<{ state: State }>(repository, ['state'])
    return sorted(state) === sorted(session.state)
  })
}

/** A state's JSON whatever the order of its keys, which differs between what was folded and what was read from the store. */
function sorted(state: State): string {
  return JSON.stringify(state, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
}
