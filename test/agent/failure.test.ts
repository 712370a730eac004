import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AgentProcess } from '../support/agent-program.ts'
import { ranAgent, resultsOf, startAgent } from '../support/agent-program.ts'

const finish = { calls: [{ tool: 'finish', input: { summary: 'done' } }] }

test('without its key an agent ends with the code and the next step', async () => {
  const agent = await ranAgent({ script: [finish], plan: { keyEnv: 'ABSENT_KEY' } })
  checkEnd(agent, 'KAGE_KEY_MISSING')
  expect(agent.screen()).toContain('ABSENT_KEY')
  expect(agent.server.requests.length).toBe(0)
})

test('an endpoint that wants no key needs none', async () => {
  const agent = await startAgent({ script: [finish], plan: { keyEnv: null } })
  expect(await agent.exit()).toBe(1)
  expect(agent.screen()).toContain('KAGE_PROVIDER_AUTH')
})

test.each([
  [401, '', 'KAGE_PROVIDER_AUTH'],
  [402, '', 'KAGE_PROVIDER_QUOTA'],
  [429, 'insufficient_quota', 'KAGE_PROVIDER_QUOTA'],
  [400, '', 'KAGE_PROVIDER_FAILED'],
  [404, '', 'KAGE_PROVIDER_FAILED'],
])('a refusal with %i %s ends the agent with %3$s', async (status, code, expected) => {
  const agent = await ranAgent({ script: [{ fault: { status, ...(code !== '' && { code }) } }] })
  checkEnd(agent, expected)
  expect(agent.server.requests.length).toBe(1)
  expect(agent.reports().some(({ type }) => type === 'provider.failed')).toBe(true)
})

test('a worktree that is removed under the agent ends it, and nothing is made in its place', async () => {
  const ask = { calls: [{ tool: 'ask', input: { question: 'which?' } }] }
  const write = { calls: [{ tool: 'write', input: { path: 'made/late.txt', content: 'late' } }] }
  const agent = await startAgent({ script: [ask, write, finish] })
  await agent.waits()
  rmSync(agent.worktree, { recursive: true })
  agent.message('1', 'go on')
  checkEnd({ ...agent, code: await agent.exit() }, 'KAGE_WORKTREE_MISSING')
  expect(existsSync(agent.worktree)).toBe(false)
})

test('an endpoint that is down ends the agent after some tries', async () => {
  const agent = await ranAgent({ script: [finish], plan: { baseUrl: 'http://127.0.0.1:1/v1' } })
  checkEnd(agent, 'KAGE_PROVIDER_FAILED')
  const failures = agent.reports().filter(({ type }) => type === 'provider.failed')
  expect(failures.length).toBeGreaterThan(1)
  expect(failures.at(-1)?.data).toMatchObject({ kind: 'network', waitMs: null })
})

test('an address that is none ends the agent', async () => {
  checkEnd(await ranAgent({ script: [finish], plan: { baseUrl: 'ftp://x' } }), 'KAGE_PROVIDER_FAILED')
})

test('trouble that passes is waited for and told', async () => {
  const attempts = [
    { fault: { status: 429, retryAfter: 0 } },
    { fault: 'half-call', calls: [{ tool: 'write', input: { path: 'half.txt', content: 'half' } }] },
    finish,
  ]
  const agent = await ranAgent({ script: [{ attempts }] })
  expect(agent.code, agent.screen()).toBe(0)
  expect(agent.screen()).toMatch(/! prepared: .*; asking again in/)
  expect(resultsOf(agent)).toEqual(['finished'])
})

test('a conversation that is too long is asked once more without old output, then waits', async () => {
  const tooLong = { status: 400, code: 'context_length_exceeded', message: 'maximum context length exceeded' }
  const big = { calls: [{ tool: 'run', input: { command: 'seq 100000' } }] }
  const bigs = Array.from({ length: 9 }, (_, index) => ({
    calls: [{ tool: 'run', input: { command: `seq ${index} 100000` } }],
  }))
  const agent = await startAgent({
    script: [big, ...bigs, { attempts: [{ fault: tooLong }] }],
  })
  expect(await agent.waits()).toContain('too long for the model')
  expect(resultsOf(agent)[0]).toContain('characters of old output were left out')
  expect(resultsOf(agent).at(-1)).toContain('100000')
  expect(resultsOf(agent).length).toBe(10)
  expect(agent.server.requests.length).toBe(12)
})

test('settings that cannot be used are told without a traceback', async () => {
  const agent = await ranAgent({
    script: [finish],
    prepare: ({ spool }) => writeFileSync(join(spool, 'agent.json'), '{"agent": 1}'),
  })
  expect(agent.code).toBe(1)
  expect(agent.screen()).toMatch(/^KAGE_INTERNAL: agent.json in .* cannot be used/)
  expect(agent.screen()).not.toContain('    at ')
})

test('settings of a newer version are refused by name', async () => {
  const agent = await ranAgent({
    script: [finish],
    prepare: ({ spool }) => writeFileSync(join(spool, 'agent.json'), '{"version": 2}'),
  })
  expect(agent.code).toBe(1)
  expect(agent.screen()).toMatch(/^KAGE_STORE_NEWER: agent.json in .* version 2 is newer than 1/)
})

test('a defect is told with its code, and only the log has the stack', async () => {
  const agent = await ranAgent({
    script: [finish],
    prepare: ({ spool }) => mkdirSync(join(spool, 'conversation')),
  })
  checkEnd(agent, 'KAGE_INTERNAL')
  expect(readFileSync(join(agent.spool, 'agent.log'), 'utf8')).toMatch(/ {5}at /)
})

test('a full disk ends the agent with its code', async () => {
  const agent = await ranAgent({
    script: [finish],
    prepare: ({ spool }) => symlinkSync('/dev/full', join(spool, 'outbox')),
  })
  expect(agent.code).toBe(1)
  expect(agent.screen()).toContain('KAGE_DISK_LOW: The disk is full')
  expect(agent.screen()).not.toContain('    at ')
})

function checkEnd(agent: AgentProcess & { readonly code: number | string }, code: string): void {
  expect(agent.code, agent.screen()).toBe(1)
  expect(agent.screen()).toContain(`${code}: `)
  expect(agent.screen()).not.toContain('    at ')
  const last = agent.reports().at(-1)
  expect(last?.type).toBe('agent.said')
  expect(last?.type === 'agent.said' && last.data.text.startsWith(`${code}: `)).toBe(true)
}
