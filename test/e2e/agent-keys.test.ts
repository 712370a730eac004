import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Fault } from '../../src/core/error.ts'
import type { AgentView, RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { calling, finishing, modelHouse, modelKey } from '../support/model-house.ts'
import { filesHolding } from '../support/planted.ts'
import { agentNow, eventsOf, untilAll } from '../support/run.ts'
import { called, lineOf, tell } from '../support/telling.ts'
import { until } from '../support/until.ts'
import { holdUntil } from '../support/worker.ts'

const planted = 'sk-planted/key+0123456789=='
const provider =
  '[providers.mine]\napi = "openai"\nbase_url = "http://127.0.0.1:9/v1"\nkey_env = "MINE_SECRET"\n'

/** What a program writes into its outbox itself is its own. */
function isNotOwn(file: string): boolean {
  return !file.endsWith('/outbox')
}

test('a planted key is in no file of Kage, though the agent has it and everybody names it', async () => {
  const house = makeHouse({ MINE_SECRET: planted, OPENAI_API_KEY: `${planted}-other` })
  const repository = makeRepository()
  const [go, seen] = [join(house.directory, 'go'), join(house.directory, 'seen')]
  const said = lineOf('agent.said', { text: `${planted} ${encodeURIComponent(planted)}` })
  const coded = called(Buffer.from(`key ${planted} end`).toString('base64'))
  const script = [
    `printf '%s' "$MINE_SECRET" > '${seen}'`,
    tell(said),
    tell(coded),
    tell(lineOf('agent.reported', { status: 'working', message: planted })),
    'read -r line',
    `echo "$line" > '${join(house.directory, 'heard')}'`,
    holdUntil(go),
  ]
  house.agent('ada', script.join('\n'))
  const command = JSON.stringify(join(house.directory, 'ada.sh'))
  house.configure(
    `${provider}[agents.bo]\nkind = "command"\ncommand = [${command}]\nenv = ["PATH", "MINE_SECRET"]`,
  )
  const task = `use the key ${planted} for it`
  const spoken = await house.plain(repository, ['spawn', '-a', 'bo', task])
  expect(spoken.stderr).toContain('The task held a key')
  await until(() => existsSync(seen) && readFileSync(seen, 'utf8') === planted)
  await until(async () => (await agentNow(house, repository, 'r1/bo')).reason === '[redacted]')
  await house.kage(repository, ['send', 'r1/bo', `it is ${planted}`])
  await until(() => existsSync(join(house.directory, 'heard')))
  expect(filesHolding(join(house.directory, 'state'), planted).filter(isNotOwn)).toEqual([])
  writeFileSync(go, '')
  await untilAll(house, repository, 'done')
  const events = await eventsOf(house, repository)
  expect(JSON.stringify(events)).not.toContain(planted)
  expect(events.find(({ type }) => type === 'run.started')?.data).toMatchObject({
    task: 'use the key [redacted] for it',
  })
  expect(events.filter(({ type }) => type === 'tool.called')[0]?.data).toMatchObject({
    subject: expect.stringContaining('[redacted]') as string,
  })
  expect(readFileSync(join(house.directory, 'heard'), 'utf8')).toBe('it is [redacted]\n')
  expect(filesHolding(join(house.directory, 'state'), planted).filter(isNotOwn)).toEqual([])
})

test('an agent that never began leaves no key behind either', async () => {
  const house = makeHouse({ MINE_SECRET: planted })
  const repository = makeRepository()
  writeFileSync(
    house.environment['KAGE_CONFIG'] ?? '',
    `[agents.bo]\nkind = "command"\ncommand = ["cat"]\nenv = ["PATH", "MINE_SECRET"]`,
  )
  await house.done(repository, ['daemon', 'start'], { environment: { KAGE_CRASH_AT: 'pane.opened' } })
  await house.done(repository, ['spawn', '-a', 'bo', 'task'])
  await until(
    async () => (await house.done<{ pid: number | null }>(repository, ['daemon', 'status'])).pid === null,
  )
  expect(filesHolding(join(house.directory, 'state'), planted)).toHaveLength(1)
  house.tmux('kill-server')
  await untilAll(house, repository, 'failed')
  await until(() => filesHolding(join(house.directory, 'state', 'spool'), planted).length === 0)
})

test('the built-in agent without a model is refused with the lines to write, and where', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const { code, json } = await house.kage<{ error: Fault }>(repository, ['spawn', '-a', 'coder', 'task'])
  expect([code, json.error.code]).toEqual([1, 'KAGE_AGENT_MODEL'])
  expect(json.error.hint).toContain(join(house.directory, 'config.toml'))
  expect(json.error.hint).toMatch(/\[agents\.coder\]\n +kind = "api"\n +provider = "anthropic"\n +model = /)
})

test('a key that is not set is refused by the name of its variable', async () => {
  const house = makeHouse()
  writeFileSync(
    house.environment['KAGE_CONFIG'] ?? '',
    `${provider}[agents.coder]\nkind = "api"\nprovider = "mine"\nmodel = "m"`,
  )
  const repository = makeRepository()
  const { code, json } = await house.kage<{ error: Fault }>(repository, ['spawn', '-a', 'coder', 'task'])
  expect([code, json.error.code]).toEqual([1, 'KAGE_KEY_MISSING'])
  expect(json.error.message).toContain('MINE_SECRET')
  expect((await house.done<{ runs: RunView[] }>(repository, ['ls'])).runs).toEqual([])
})

interface Trouble {
  readonly answers?: unknown
  readonly environment?: Readonly<Record<string, string>>
  readonly address?: string
}

/** The built-in agent in that trouble, when it can do no more; and what `kage show` says of it. */
async function inTrouble({ answers = [], ...wish }: Trouble): Promise<{ agent: AgentView; shown: string }> {
  const house = await modelHouse({ agents: { ada: answers }, ...wish })
  const repository = makeRepository()
  await house.done(repository, ['spawn', 'task'])
  await house.kage(repository, ['wait', 'r1', '--timeout', '60'])
  const agent = await agentNow(house, repository, 'r1/ada')
  const held = filesHolding(join(house.directory, 'state'), house.environment['MINE_SECRET'] ?? '')
  expect(held).toEqual([])
  return { agent, shown: (await house.plain(repository, ['show', 'r1/ada'])).stdout }
}

test('a wrong key fails the agent with its code and the next step', async () => {
  const wrong = 'sk-wrong-0123456789'
  const { agent, shown } = await inTrouble({ environment: { MINE_SECRET: wrong } })
  expect(agent).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(/^KAGE_PROVIDER_AUTH: /) as string,
  })
  expect(shown).toContain('next step Correct the key, then `kage resume`')
  expect(shown).not.toContain(wrong)
})

test('resume takes an agent up with the key that was corrected, and tells one that is missing', async () => {
  const house = await modelHouse({
    agents: { ada: [finishing('went on')] },
    environment: { MINE_SECRET: 'sk-wrong-0123456789' },
  })
  const repository = makeRepository()
  await house.done(repository, ['spawn', 'task'])
  await untilAll(house, repository, 'failed')
  await house.done(repository, ['resume', 'r1'], { environment: { MINE_SECRET: '' } })
  await until(async () =>
    /^KAGE_KEY_MISSING: .*MINE_SECRET/.test((await agentNow(house, repository, 'r1/ada')).reason ?? ''),
  )
  await house.done(repository, ['resume', 'r1'], { environment: { MINE_SECRET: modelKey } })
  await untilAll(house, repository, 'done')
  expect(filesHolding(join(house.directory, 'state'), modelKey)).toEqual([])
})

test('after a new start of the daemon, resume brings the key', async () => {
  const house = await modelHouse({
    agents: { ada: [calling('ask', { question: 'well?' }), finishing('well')] },
  })
  const repository = makeRepository()
  await house.done(repository, ['spawn', 'task'])
  await untilAll(house, repository, 'waiting')
  await house.done(repository, ['stop', 'r1'])
  await house.done(repository, ['daemon', 'restart'], { environment: { MINE_SECRET: '' } })
  await house.done(repository, ['resume', 'r1'])
  await untilAll(house, repository, 'done')
})

test('an endpoint that is down, or answers errors only, fails the agent with its code and the next step', async () => {
  const down = await inTrouble({ address: 'http://127.0.0.1:9' })
  expect(down.agent).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(/^KAGE_PROVIDER_FAILED: /) as string,
  })
  expect(down.shown).toContain('next step See what the endpoint said; `kage resume`')
  const refusing = await inTrouble({ answers: [{ fault: { status: 400, message: 'no such model' } }] })
  expect(refusing.agent.reason).toMatch(/^KAGE_PROVIDER_FAILED: .*no such model/)
})

test('a model that says the key, and a message that holds it, write it nowhere', async () => {
  const answers = [
    { text: `the key is ${modelKey}`, calls: [{ tool: 'run', input: { command: `echo ${modelKey}; env` } }] },
    calling('ask', { question: `is it ${modelKey}?` }),
    finishing(`used ${modelKey}`),
  ]
  const house = await modelHouse({ agents: { ada: answers } })
  const repository = makeRepository()
  await house.done(repository, ['spawn', `take ${modelKey}`])
  await house.kage(repository, ['wait', 'r1', '--timeout', '30'])
  const { pane } = await agentNow(house, repository, 'r1/ada')
  const screen = house.tmux('capture-pane', '-p', '-J', '-S', '-', '-t', pane?.id ?? '')
  expect(screen).toContain('[redacted]')
  expect(screen).not.toContain(modelKey)
  expect(await house.done(repository, ['send', 'r1/ada', `yes, ${modelKey}`])).toEqual({
    outcome: 'submitted',
  })
  await untilAll(house, repository, 'done')
  expect((await agentNow(house, repository, 'r1/ada')).reason).toBe('done: used [redacted]')
  expect(filesHolding(join(house.directory, 'state'), modelKey)).toEqual([])
  expect(filesHolding(join(house.directory, 'data'), modelKey)).toEqual([])
})
