import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeAgentSpool, writeMessage } from '../../../src/adapters/process/agent-spool.ts'
import type { Launch } from '../../../src/adapters/process/launch-file.ts'
import { removeLaunch, removeSpool } from '../../../src/adapters/process/spool-removal.ts'
import { type Spool, writeSpool } from '../../../src/adapters/process/spool.ts'
import type { AgentSettings } from '../../../src/core/agent/settings.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

const settings: AgentSettings = {
  agent: 'r1/ada',
  base: 'b'.repeat(40),
  role: 'coder',
  previous: null,
  model: {
    provider: 'x',
    api: 'openai',
    baseUrl: null,
    model: 'm',
    keyEnv: 'MY_KEY',
    price: null,
    limits: { turns: 1, tokens: 1, usd: null },
  },
}
const launch: Launch = {
  agent: 'r1/ada',
  gate: 'g',
  tmux: 'tmux',
  directory: '/',
  argv: ['true'],
  environment: { MY_KEY: 'sk-planted' },
  task: 'do it',
}
const id = '000000000007-0123456789ab'

async function made(): Promise<string> {
  const spool = join(temporaryDirectory(), 'spool')
  await writeAgentSpool(spool, settings)
  return spool
}

test('the settings are a private read-only file that is whole', async () => {
  const spool = await made()
  await writeAgentSpool(spool, settings)
  expect(JSON.parse(readFileSync(join(spool, 'agent.json'), 'utf8'))).toEqual({ version: 1, ...settings })
  expect(statSync(join(spool, 'agent.json')).mode & 0o777).toBe(0o400)
  expect(readdirSync(spool).toSorted()).toEqual(['agent.json', 'inbox'])
})

test('a message is a file of its own in the inbox, named by its id', async () => {
  const spool = await made()
  expect(await writeMessage(spool, id, 'two\nlines')).toBe(true)
  expect(readdirSync(join(spool, 'inbox'))).toEqual([id])
  expect(JSON.parse(readFileSync(join(spool, 'inbox', id), 'utf8'))).toEqual({ text: 'two\nlines' })
})

test('an inbox that is gone, or leads elsewhere, gets nothing', async () => {
  const spool = await made()
  const elsewhere = temporaryDirectory()
  rmSync(join(spool, 'inbox'), { recursive: true })
  expect(await writeMessage(spool, id, 'x')).toBe(false)
  symlinkSync(elsewhere, join(spool, 'inbox'))
  expect(await writeMessage(spool, id, 'x')).toBe(false)
  expect(readdirSync(elsewhere)).toEqual([])
})

test('an environment that a crash kept from its place is removed as well', async () => {
  const spool = await made()
  // As if it had come just before the file was renamed.
  mkdirSync(join(spool, 'launch'))
  await expect(writeSpool(both(spool), launch)).rejects.toThrow('EISDIR')
  rmdirSync(join(spool, 'launch'))
  await removeLaunch(both(spool))
  expect(readdirSync(spool).toSorted()).toEqual(['agent.json', 'inbox', 'output', 'task'])

  mkdirSync(join(spool, 'launch'))
  await expect(writeSpool(both(spool), launch)).rejects.toThrow('EISDIR')
  rmdirSync(join(spool, 'launch'))
  await writeSpool(both(spool), launch)
  expect(readdirSync(spool).toSorted()).toEqual(['agent.json', 'inbox', 'launch', 'output', 'task'])
})

test('a spool is removed with its messages; what an agent put there itself stays', async () => {
  const spool = await made()
  await writeMessage(spool, id, 'x')
  mkdirSync(join(spool, 'heard'))
  for (const name of ['outbox', 'conversation', 'launch', 'launch.new', `${id}.new`, 'agent.log.1'])
    writeFileSync(join(spool, name), '')
  await removeSpool(both(spool))
  expect(() => statSync(spool)).toThrow('ENOENT')

  const other = await made()
  writeFileSync(join(other, 'mine'), '')
  mkdirSync(join(other, 'outbox'))
  await removeSpool(both(other))
  expect(readdirSync(other).toSorted()).toEqual(['mine', 'outbox'])
})

/** A spool in one directory, as 0.1.0 had it. */
function both(directory: string): Spool {
  return { launch: directory, agent: directory }
}
