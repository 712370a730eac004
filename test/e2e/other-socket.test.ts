import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DaemonStatus } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'

test('a client with another runtime directory is told at once which daemon holds the lock, and where', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  await house.done(repository, ['ls'])
  const { pid, socket } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  const elsewhere = { environment: { KAGE_RUNTIME_DIR: join(house.directory, 'other') } }
  const [refused, status, stopped, doctor] = await Promise.all([
    house.kage(repository, ['ls'], elsewhere),
    house.kage(repository, ['daemon', 'status'], elsewhere),
    house.plain(repository, ['daemon', 'stop'], elsewhere),
    house.plain(repository, ['doctor'], elsewhere),
  ])
  expect(refused).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_DAEMON_UNREACHABLE', pid, socket } },
  })
  const { message, hint } = (refused.json as { error: { message: string; hint: string } }).error
  expect(message).toContain(`pid ${pid}`)
  expect(message).toContain(socket)
  expect(hint).toContain(`KAGE_RUNTIME_DIR=${join(house.directory, 'run')}`)
  expect(hint).toContain(`kill ${pid}`)
  expect(status).toMatchObject({ code: 0, json: { pid: null, holder: { pid, socket } } })
  for (const said of [stopped, doctor]) {
    expect(said.stdout).toContain(`pid ${pid}`)
    expect(said.stdout).toContain(socket)
  }
  expect(await startsOf(house, repository)).toBe(1)
})

test('what an ended daemon wrote beside the lock never blocks a start', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  await house.done(repository, ['ls'])
  const file = join(house.directory, 'state/daemon.json')
  const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  await house.killDaemon()
  const stale = [
    { ...written, socket: '/elsewhere' },
    { ...written, socket: '/elsewhere', pid: process.pid },
    { ...written, socket: '/elsewhere', pid: process.pid, startTicks: null },
    { pid: 'x', socket: 7 },
    null,
  ].map((each) => JSON.stringify(each))
  for (const text of [...stale, 'garbage', '']) {
    writeFileSync(file, text)
    expect(await house.done(repository, ['daemon', 'status'])).not.toHaveProperty('holder')
    await house.done(repository, ['ls'])
    await house.killDaemon()
  }
  mkdirSync(join(house.directory, 'state/daemon.json.new'))
  await house.done(repository, ['ls'])
})

async function startsOf(house: House, repository: string): Promise<number> {
  const { stdout } = await house.kage(repository, ['log'])
  return stdout.split('\n').filter((line) => line.includes('"daemon.started"')).length
}
