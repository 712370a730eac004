import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Examination } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'

const spawnAndWait = async (trace: string): Promise<string> => {
  const house = makeHouse()
  house.environment['KAGE_TRACE'] = trace
  house.environment['EXAMPLE_API_KEY'] = 'sk-traced-0123456789'
  house.agent('ada', 'echo x > a.txt')
  const repository = makeRepository()
  await house.done(repository, ['spawn', 'task with sk-traced-0123456789'])
  await house.done(repository, ['wait', 'r1'])
  await house.done(repository, ['regions', 'r1'])
  const { json } = await house.kage<Examination>(repository, ['doctor'])
  const log = json.checks.find(({ name }) => name === 'log')?.detail ?? ''
  const file = join(house.environment['KAGE_STATE_DIR'] ?? '', 'trace.log')
  expect(log).toContain(file)
  expect(log).toContain(join(house.environment['KAGE_STATE_DIR'] ?? '', 'daemon.log'))
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

test('KAGE_TRACE writes each command of git, tmux and the bridge with its duration and end', async () => {
  const trace = await spawnAndWait('git,tmux,rpc')
  expect(trace).toMatch(/^\S+Z git \d+\.\d ms exit 0: rev-parse /m)
  expect(trace).toMatch(/^\S+Z git \d+\.\d ms ok: .* \(.*open process/m)
  expect(trace).toMatch(/^\S+Z tmux \d+\.\d ms ok: .*(split-window|new-window)/m)
  expect(trace).toMatch(/^\S+Z rpc \d+\.\d ms ok: spawn$/m)
  expect(trace).not.toContain('sk-traced-0123456789')
})

test('KAGE_TRACE writes only the kinds that it lists', async () => {
  const trace = await spawnAndWait('rpc')
  expect(trace).toMatch(/ rpc .*: regions$/m)
  expect(trace).not.toMatch(/ (git|tmux) \d/)
})

test('without KAGE_TRACE there is no trace', async () => {
  expect(await spawnAndWait('')).toBe('')
})
