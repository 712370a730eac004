import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { calling, finishing, type ModelHouse, modelHouse } from '../support/model-house.ts'
import { agentNow, eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'

const command = 'command-that-is-repeated'

/** A Kage whose only agent writes down each line that is typed into its pane. */
async function listening(): Promise<{ house: House; repository: string; heard: string }> {
  const house = makeHouse()
  const repository = makeRepository()
  const heard = join(house.directory, 'heard')
  house.agent('ada', `while IFS= read -r line; do printf '%s\\n' "$line" >> '${heard}'; done`)
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  return { house, repository, heard }
}

/** Sends a text to the only agent under the same command each time. */
async function sendAs(house: House, repository: string, text: string): Promise<unknown> {
  const client = await personClient(house)
  return client.request('send', { repo: repository, id: 'r1/ada', text, command })
}

test('a repeated command types its text once, also beyond the death of the daemon', async () => {
  const { house, repository, heard } = await listening()
  const first = await Promise.all([1, 2].map(() => sendAs(house, repository, 'only once')))
  await house.killDaemon()
  await house.done(repository, ['ls'])
  expect([...first, await sendAs(house, repository, 'only once')]).toEqual(
    [1, 2, 3].map(() => ({ outcome: 'unverified' })),
  )
  await house.done(repository, ['send', 'r1/ada', 'the end'])
  await until(() => existsSync(heard) && readFileSync(heard, 'utf8').includes('the end'))
  expect(readFileSync(heard, 'utf8')).toBe('only once\nthe end\n')
})

test('a daemon that died after it had typed a text does not type it again', async () => {
  const { house, repository, heard } = await listening()
  const spools = join(house.directory, 'state/spool')
  const [spool = ''] = readdirSync(spools)
  writeFileSync(join(spools, spool, 'typed'), `${keyOf(command, 24)}\n`)
  expect(await sendAs(house, repository, 'typed before')).toEqual({ outcome: 'unverified' })
  await house.done(repository, ['send', 'r1/ada', 'the end'])
  await until(() => existsSync(heard) && readFileSync(heard, 'utf8').includes('the end'))
  expect(readFileSync(heard, 'utf8')).toBe('the end\n')
})

test('a message that a daemon had written before it died reaches the agent once', async () => {
  const house = await asking()
  const repository = makeRepository()
  await spawnRun(house, repository)
  await untilAll(house, repository, 'waiting')
  await house.done(repository, ['pause', 'r1/ada'])
  const inbox = join(agentDirectory(house), 'inbox')
  writeFileSync(join(inbox, `000000000001-${keyOf(command, 12)}`), JSON.stringify({ text: '8080' }))
  expect(await sendAs(house, repository, '8080')).toEqual({ outcome: 'staged' })
  await house.done(repository, ['resume', 'r1/ada'])
  await untilAll(house, repository, 'done')
  expect(await heardOf(house, repository)).toEqual(['8080'])
  expect(await sendAs(house, repository, '8080')).toEqual({ outcome: 'staged' })
})

test('a message that a killed attempt had read and not reported is reported by the next one', async () => {
  const house = await asking()
  const repository = makeRepository()
  await spawnRun(house, repository)
  await untilAll(house, repository, 'waiting')
  await house.done(repository, ['pause', 'r1/ada'])
  await sendAs(house, repository, '8080')
  const directory = agentDirectory(house)
  const [name = ''] = readdirSync(join(directory, 'inbox'))
  mkdirSync(join(directory, 'heard'), { recursive: true })
  renameSync(join(directory, 'inbox', name), join(directory, 'heard', name))
  process.kill((await agentNow(house, repository, 'r1/ada')).pid ?? 0, 'SIGKILL')
  // A built-in agent that is killed is started again by its policy.
  await untilAll(house, repository, 'done')
  expect(await heardOf(house, repository)).toEqual(['8080'])
})

/** An agent that asks one question and ends with the answer. */
function asking(): Promise<ModelHouse> {
  const answers = [
    calling('ask', { question: 'which port?' }),
    finishing('chose the port'),
    finishing('chose'),
  ]
  return modelHouse({ agents: { ada: answers } })
}

function agentDirectory(house: House): string {
  const root = join(house.directory, 'data/agents')
  return join(root, readdirSync(root)[0] ?? '')
}

async function heardOf(house: House, repository: string): Promise<string[]> {
  const events = await eventsOf(house, repository)
  return events.flatMap((event) => (event.type === 'message.heard' ? [event.data.text] : []))
}

function keyOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}
