import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Results } from '../../src/core/protocol/results.ts'
import type { AgentView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { calling, finishing, type ModelHouse, modelHouse } from '../support/model-house.ts'
import { agentNow, eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'

/** Waits until the only agent is in that status. */
function untilIs(house: ModelHouse, repository: string, status: string): Promise<AgentView> {
  return until(async () => {
    const agent = await agentNow(house, repository, 'r1/ada')
    return agent.status === status ? agent : null
  })
}

async function sent(house: ModelHouse, repository: string, text: string): Promise<string> {
  return (await house.kage<Results['send']>(repository, ['send', 'r1/ada', text])).json.outcome
}

test('a question waits for the person, and what they send is the answer to it', async () => {
  const ada = [
    calling('ask', { question: 'which port?' }),
    { ...calling('write', { path: 'port.txt', content: '8080\n' }), expect: '8080 please' },
    finishing('chose the port'),
  ]
  const house = await modelHouse({ agents: { ada } })
  const repository = makeRepository()
  await spawnRun(house, repository)
  expect(await untilIs(house, repository, 'waiting')).toMatchObject({
    reason: 'which port?',
    source: 'agent',
  })
  expect(await sent(house, repository, '8080 please')).toBe('submitted')
  const { worktree } = await untilIs(house, repository, 'done')
  expect(readFileSync(join(worktree, 'port.txt'), 'utf8')).toBe('8080\n')
  const events = await eventsOf(house, repository)
  const heard = events.find(({ type }) => type === 'message.heard')
  const told = events.find(({ type }) => type === 'message.sent')
  expect(heard?.data).toMatchObject({ text: '8080 please' })
  expect(told?.data).toMatchObject({
    outcome: 'submitted',
    id: heard?.type === 'message.heard' ? heard.data.id : null,
  })
})

const slow = calling('run', { command: 'echo begun > begun; sleep 60; echo over > over' })

test('an interrupt calls off the step under way; the agent waits, and a message lets it go on', async () => {
  const ada = [slow, finishing('did it otherwise')]
  const house = await modelHouse({ agents: { ada }, anthropic: ['ada'] })
  const repository = makeRepository()
  const [agent] = (await spawnRun(house, repository)).agents
  const worktree = agent?.worktree ?? ''
  await until(() => existsSync(join(worktree, 'begun')))
  await house.done(repository, ['interrupt', 'r1/ada'])
  expect(await untilIs(house, repository, 'waiting')).toMatchObject({ source: 'agent' })
  expect(await sent(house, repository, 'do it otherwise')).toBe('submitted')
  expect(await untilIs(house, repository, 'done')).toMatchObject({ reason: 'done: did it otherwise' })
  expect(existsSync(join(worktree, 'over'))).toBe(false)
})

test('a paused agent keeps what is sent, and reads it when it goes on', async () => {
  const ada = [calling('ask', { question: 'go on?' }), { ...finishing('went on'), expect: 'yes' }]
  const house = await modelHouse({ agents: { ada } })
  const repository = makeRepository()
  await spawnRun(house, repository)
  await untilIs(house, repository, 'waiting')
  await house.done(repository, ['pause', 'r1/ada'])
  expect(await sent(house, repository, 'yes')).toBe('staged')
  expect((await agentNow(house, repository, 'r1/ada')).status).toBe('paused')
  await house.done(repository, ['resume', 'r1/ada'])
  expect(await untilIs(house, repository, 'done')).toMatchObject({ reason: 'done: went on' })
  expect(await sent(house, repository, 'too late')).toBe('refused')
})

test('a stopped agent is started again where its conversation was', async () => {
  const ada = [calling('write', { path: 'a.txt', content: 'kept\n' }), slow, finishing('after all')]
  const house = await modelHouse({ agents: { ada } })
  const repository = makeRepository()
  const [agent] = (await spawnRun(house, repository)).agents
  await until(() => existsSync(join(agent?.worktree ?? '', 'begun')))
  await house.done(repository, ['stop', 'r1/ada'])
  expect(await agentNow(house, repository, 'r1/ada')).toMatchObject({ status: 'stopped', turns: 2 })
  await house.done(repository, ['resume', 'r1/ada'])
  expect(await untilIs(house, repository, 'done')).toMatchObject({ reason: 'done: after all', turns: 3 })
  expect(house.server.requests).toHaveLength(3)
  expect(readFileSync(join(agent?.worktree ?? '', 'a.txt'), 'utf8')).toBe('kept\n')
})

test('a killed built-in agent goes on with its conversation, and no tool of its former attempt works beside it', async () => {
  const left = calling('run', { command: 'echo $$ > tool; trap "" TERM; while :; do sleep 0.1; done' })
  const house = await modelHouse({ agents: { ada: [left, finishing('after the crash')] } })
  const repository = makeRepository()
  const [agent] = (await spawnRun(house, repository)).agents
  const file = join(agent?.worktree ?? '', 'tool')
  const tool = Number(await until(() => existsSync(file) && readFileSync(file, 'utf8').trim()))
  onTestFinished(() => void (isRunning(tool) && process.kill(tool, 'SIGKILL')))
  const { pid } = await agentNow(house, repository, 'r1/ada')
  process.kill(pid ?? 0, 'SIGKILL')
  expect(await untilIs(house, repository, 'done')).toMatchObject({ reason: 'done: after the crash' })
  expect(isRunning(tool)).toBe(false)
})

test('messages are read in the order in which they were sent, also over a killed daemon', async () => {
  const texts = ['first', 'second', 'third', 'fourth']
  const ada = [slow, { ...finishing('heard all'), expect: 'fourth' }]
  const house = await modelHouse({ agents: { ada } })
  const repository = makeRepository()
  const [agent] = (await spawnRun(house, repository)).agents
  await until(() => existsSync(join(agent?.worktree ?? '', 'begun')))
  for (const [index, text] of texts.entries()) {
    if (index === 2) await house.killDaemon()
    expect(await sent(house, repository, text)).toMatch(/^(submitted|staged)$/)
  }
  await house.done(repository, ['interrupt', 'r1/ada'])
  await untilAll(house, repository, 'done')
  const heard = (await eventsOf(house, repository)).flatMap((event) =>
    event.type === 'message.heard' ? [event.data.text] : [],
  )
  expect(heard).toEqual(texts)
})
