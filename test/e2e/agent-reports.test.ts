import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventType } from '../../src/core/event.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { agentNow, eventsOf, spawnRun, statuses, untilAll } from '../support/run.ts'
import { called, lineOf, subjectsOf, tell } from '../support/telling.ts'
import { until } from '../support/until.ts'
import { holdUntil } from '../support/worker.ts'

const usage = { inputTokens: 1000, cachedTokens: 0, outputTokens: 50, estimated: false }

test('what an agent writes into its outbox becomes events, and its view tells it', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const go = join(house.directory, 'go')
  const lines = [
    lineOf('agent.turned', { turn: 1, model: 'm', usage, costUsd: 0.25, durationMs: 10 }),
    called('npm test'),
  ]
  const last = lineOf('agent.finished', { summary: 'wrote the parser\nand its tests' })
  house.agent('ada', [...lines.map(tell), holdUntil(go), tell(last)].join('\n'))
  await spawnRun(house, repository)
  await until(async () => (await agentNow(house, repository, 'r1/ada')).activity === 'run npm test')
  expect(await agentNow(house, repository, 'r1/ada')).toMatchObject({
    status: 'working',
    turns: 1,
    tokensIn: 1000,
    tokensOut: 50,
  })
  writeFileSync(go, '')
  await untilAll(house, repository, 'done')
  expect((await agentNow(house, repository, 'r1/ada')).reason).toBe('done: wrote the parser')
  const types = (await eventsOf(house, repository, 'r1/ada')).map(({ type }) => type)
  expect(types.indexOf('agent.finished')).toBeLessThan(types.indexOf('agent.exited'))
})

test('questions that agents ask at once are all heard', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const question = lineOf('agent.reported', { status: 'waiting', message: 'which port?' })
  const names = ['ada', 'bo', 'cy', 'di', 'ed']
  for (const name of names) house.agent(name, `${tell(question)}\nexec sleep 1000`)
  await spawnRun(house, repository)
  await untilAll(house, repository, 'waiting')
  const { code } = await house.kage(repository, ['wait', 'r1', '--timeout', '60'])
  expect(code).toBe(3)
})

const trouble = 'KAGE_PROVIDER_AUTH: the endpoint refuses the key in MY_KEY'

test('an agent that failed is explained by the last code it told, and shown with the next step', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', `${tell(lineOf('agent.said', { text: trouble }))}\nexit 1`)
  await spawnRun(house, repository)
  await untilAll(house, repository, 'failed')
  expect((await agentNow(house, repository, 'r1/ada')).reason).toBe(trouble)
  const { stdout } = await house.plain(repository, ['show', 'r1/ada'])
  expect(stdout).toContain('next step')
  expect(stdout).toContain('Correct the key, then `kage resume`')
})

const crashes: readonly EventType[] = ['agent.started', 'tool.called', 'report.refused', 'agent.exited']

test.for(crashes)('a daemon killed right after %s counts each report once', async (type) => {
  const house = makeHouse()
  const repository = makeRepository()
  const names = ['ada', 'bo']
  const script = `n=0
while [ $n -lt 400 ]; do
  n=$((n + 1))
  ${tell(called('SUBJECT')).replace('SUBJECT', `'"$n"'`)}
  [ $((n % 100)) -ne 0 ] || ${tell('no report')}
done`
  for (const name of names) house.agent(name, script)
  await house.done(repository, ['daemon', 'start'], { environment: { KAGE_CRASH_AT: type } })
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  const events = await eventsOf(house, repository)
  const every = Array.from({ length: 400 }, (_, index) => `${index + 1}`)
  for (const name of names) expect(subjectsOf(events, name)).toEqual(every)
  expect(events.filter((event) => event.type === 'daemon.started').length).toBeGreaterThan(1)
})

test('an outbox that is no file, never ends or is full of anything else holds nothing up', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const outbox = '"${KAGE_TASK_FILE%/*}/outbox"'
  house.agent('pipe', `mkfifo ${outbox}`)
  house.agent('link', `ln -s /dev/zero ${outbox}`)
  house.agent('folder', `mkdir ${outbox}`)
  house.agent('hole', `truncate -s 1T ${outbox}`)
  house.agent('noise', `yes '{"type":"daemon.stopped","data":{}}' | head -n 3000 > ${outbox}`)
  house.agent('late', `(sleep 0.3; ${tell(called('late'))}) >/dev/null 2>&1 & exit 0`)
  const run = await spawnRun(house, repository)
  expect(run.agents).toHaveLength(6)
  const ended = await untilAll(house, repository, 'done')
  expect(new Set(statuses(ended))).toEqual(new Set(['done']))
  const refused = (await eventsOf(house, repository)).filter(({ type }) => type === 'report.refused')
  expect(new Set(refused.map(({ agent }) => agent))).toEqual(new Set(['hole', 'noise']))
  expect(refused.length).toBeLessThan(40)
  const log = join(house.directory, 'state', 'daemon.log')
  expect(existsSync(log) ? readFileSync(log, 'utf8') : '').not.toContain('unhandled')
  await house.done(repository, ['clean', 'r1'])
})
