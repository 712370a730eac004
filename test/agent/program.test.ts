import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { agentPlace, ranAgent, resultsOf, startAgent } from '../support/agent-program.ts'
import { until } from '../support/until.ts'

const finish = { calls: [{ tool: 'finish', input: { summary: 'done' } }] }
const run = (command: string): object => ({ calls: [{ tool: 'run', input: { command } }] })

test.each(['openai', 'anthropic'] as const)('an agent edits its worktree and finishes (%s)', async (api) => {
  const agent = await ranAgent({
    api,
    task: 'change two',
    script: [
      { text: 'I look.', calls: [{ tool: 'read', input: { path: 'a.txt' } }] },
      {
        calls: [
          { tool: 'edit', input: { path: 'a.txt', edits: [{ old: 'two', new: '2' }] } },
          { tool: 'write', input: { path: 'new/b.txt', content: 'b\n' } },
        ],
        expect: '2\ttwo',
      },
      run('cat a.txt new/b.txt'),
      { calls: [{ tool: 'finish', input: { summary: 'changed two to 2' } }] },
    ],
  })
  expect(agent.code, agent.screen()).toBe(0)
  expect(readFileSync(join(agent.worktree, 'a.txt'), 'utf8')).toBe('one\n2\n')
  expect(resultsOf(agent)[3]).toBe('one\n2\nb\n(exit code 0)')
  const told = agent.reports().map(({ type }) => type.replace(/.*\./, ''))
  expect(told.join(' ')).toBe(
    'reported turned said called turned called called turned called turned called finished',
  )
  expect(agent.reports().at(-1)).toEqual({ type: 'agent.finished', data: { summary: 'changed two to 2' } })
  expect(agent.screen()).toContain('task: change two')
  expect(agent.screen()).toContain('I look.')
  expect(agent.screen()).toContain('→ edit a.txt · changed a.txt: one edit')
})

test('usage and cost of each answer are told', async () => {
  const agent = await ranAgent({
    script: [{ ...finish, usage: { input: 1000, cached: 400, output: 50 } }],
  })
  const turned = agent.reports().find(({ type }) => type === 'agent.turned')
  expect(turned?.data).toMatchObject({
    turn: 1,
    model: 'prepared-1',
    usage: { inputTokens: 1000, cachedTokens: 400, outputTokens: 50, estimated: false },
    costUsd: 0.00114,
  })
})

test.each(['openai', 'anthropic'] as const)(
  'an agent that was killed goes on where it was (%s)',
  async (api) => {
    const first = await startAgent({
      api,
      script: [run('echo begun > begun.txt; exec sleep 1000')],
    })
    await until(() => existsSync(join(first.worktree, 'begun.txt')))
    first.child.kill('SIGKILL')
    await first.exit()
    const second = await ranAgent({
      api,
      after: first,
      script: [run('never asked for'), { ...run('cat begun.txt'), expect: 'was interrupted' }, finish],
    })
    expect(second.code, second.screen()).toBe(0)
    expect(resultsOf(second)[1]).toBe('begun\n(exit code 0)')
    expect(second.reports().filter(({ type }) => type === 'agent.turned')[0]?.data).toMatchObject({ turn: 2 })
    expect(second.server.requests.length).toBe(2)
  },
)

test('an attempt that never came to speak is passed over', async () => {
  const first = await ranAgent({ script: [run('echo 1'), { fault: { status: 401 } }] })
  const second = await agentPlace({ script: [], after: first })
  const third = await ranAgent({ script: [run(''), { ...finish, expect: 'started again' }], after: second })
  expect(third.code, third.screen()).toBe(0)
})

test('a message that comes while the agent works joins after the step, and is heard at once', async () => {
  const agent = await startAgent({
    script: [
      run('while [ ! -e go ]; do sleep 0.02; done'),
      { ...run('echo next'), expect: 'use tabs' },
      finish,
    ],
  })
  await until(() => agent.server.requests.length === 1)
  agent.message('m1', 'use tabs')
  await until(() => agent.reports().some(({ type }) => type === 'message.heard'))
  expect(agent.reports().at(-1)).toEqual({ type: 'message.heard', data: { id: 'm1', text: 'use tabs' } })
  expect(existsSync(join(agent.spool, 'inbox', 'm1'))).toBe(false)
  writeFileSync(join(agent.spool, 'inbox', 'm2'), 'no message')
  await until(() => !existsSync(join(agent.spool, 'inbox', 'm2')))
  writeFileSync(join(agent.worktree, 'go'), '')
  expect(await agent.exit(), agent.screen()).toBe(0)
  expect(agent.reports().filter(({ type }) => type === 'message.heard').length).toBe(1)
})

test('a message that was heard and not taken up goes to the next attempt, once', async () => {
  const first = await startAgent({ script: [run('exec sleep 1000')] })
  await until(() => agentWorks(first))
  first.message('m1', 'mind the gap')
  await until(() => first.reports().some(({ type }) => type === 'message.heard'))
  first.child.kill('SIGKILL')
  await first.exit()
  const second = await ranAgent({ script: [run(''), { ...finish, expect: 'mind the gap' }], after: first })
  expect(second.code, second.screen()).toBe(0)
  expect(second.reports().some(({ type }) => type === 'message.heard')).toBe(false)
  expect(readFileSync(join(second.spool, 'conversation'), 'utf8').split('mind the gap').length).toBe(2)
})

test('a message that even the next attempt did not come to take up goes to the one after it', async () => {
  const first = await startAgent({ script: [run('exec sleep 1000')] })
  await until(() => agentWorks(first))
  first.message('m1', 'mind the gap')
  await until(() => first.reports().some(({ type }) => type === 'message.heard'))
  first.child.kill('SIGKILL')
  await first.exit()
  // It takes over the conversation, and ends before its first step.
  const second = await ranAgent({ script: [], after: first, plan: { keyEnv: 'ABSENT_KEY' } })
  expect(second.conversation().length).toBeGreaterThan(2)
  second.message('m2', 'and the other one')
  const third = await ranAgent({
    script: [run(''), { ...finish, expect: 'and the other one' }],
    after: second,
  })
  expect(third.code, third.screen()).toBe(0)
  const said = third.conversation().flatMap((each) => (each.role === 'user' ? [each.text] : []))
  expect(said.slice(-2)).toEqual(['mind the gap', 'and the other one'])
})

test('a question waits for the person, and the answer is its result', async () => {
  const agent = await startAgent({
    script: [
      { calls: [{ tool: 'ask', input: { question: 'Tabs or spaces?' } }] },
      { ...finish, expect: 'tabs' },
    ],
  })
  expect(await agent.waits()).toBe('Tabs or spaces?')
  agent.message('m1', 'tabs')
  expect(await agent.exit(), agent.screen()).toBe(0)
  expect(resultsOf(agent)[0]).toBe('tabs')
  const statuses = agent
    .reports()
    .flatMap((report) => (report.type === 'agent.reported' ? [report.data.status] : []))
  expect(statuses).toEqual(['working', 'waiting', 'working'])
})

test('a message at the last moment keeps the agent from finishing', async () => {
  const agent = await startAgent({
    script: [
      { ...finish, latencyMs: 800 },
      { calls: [{ tool: 'finish', input: { summary: 'with the message' } }], expect: 'wait, also this' },
    ],
  })
  await until(() => agent.server.requests.length === 1)
  agent.message('m1', 'wait, also this')
  expect(await agent.exit(), agent.screen()).toBe(0)
  expect(agent.reports().at(-1)?.data).toEqual({ summary: 'with the message' })
})

test('SIGINT calls off the tool under way, and a message says how to go on', async () => {
  const agent = await startAgent({
    script: [run('echo $$ > pid; exec sleep 1000'), { ...finish, expect: 'do it otherwise' }],
  })
  await until(() => agentWorks(agent) && existsSync(join(agent.worktree, 'pid')))
  const pid = Number(await until(() => readFileSync(join(agent.worktree, 'pid'), 'utf8').trim()))
  agent.child.kill('SIGINT')
  expect(await agent.waits()).toContain('interrupted')
  expect(() => process.kill(pid, 0)).toThrow()
  expect(resultsOf(agent)).toEqual(['interrupted by the person'])
  agent.message('m1', 'do it otherwise')
  expect(await agent.exit(), agent.screen()).toBe(0)
})

test('SIGINT calls off the answer under way', async () => {
  const agent = await startAgent({ script: [{ text: 'never', latencyMs: 600_000 }] })
  await until(() => agent.server.requests.length === 1)
  agent.child.kill('SIGINT')
  expect(await agent.waits()).toContain('interrupted')
  agent.child.kill('SIGINT')
  agent.child.kill('SIGTERM')
  expect(await agent.exit()).toBe(143)
})

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends the agent and its tool, and all is kept', async (signal, code) => {
  const agent = await startAgent({ script: [run('echo $$ > pid; exec sleep 1000')] })
  await until(() => agentWorks(agent) && existsSync(join(agent.worktree, 'pid')))
  const pid = Number(await until(() => readFileSync(join(agent.worktree, 'pid'), 'utf8').trim()))
  agent.child.kill(signal)
  expect(await agent.exit()).toBe(code)
  expect(() => process.kill(pid, 0)).toThrow()
  expect(resultsOf(agent)).toEqual(['interrupted: the agent was told to end'])
})

test('time in which the agent stood still does not count against its tools', async () => {
  const command = 'touch begun; sleep 0.5; echo ok'
  const agent = await startAgent({
    script: [{ calls: [{ tool: 'run', input: { command, timeout_s: 1 } }] }, finish],
  })
  await until(() => existsSync(join(agent.worktree, 'begun')))
  agent.child.kill('SIGSTOP')
  const stoppedMs = performance.now()
  await until(() => performance.now() - stoppedMs > 2500)
  agent.child.kill('SIGCONT')
  expect(await agent.exit(), agent.screen()).toBe(0)
  expect(resultsOf(agent)[0]).toBe('ok\n(exit code 0)')
})

test('an agent at its limit of turns waits with its work, and a message gives it another allowance', async () => {
  const agent = await startAgent({
    limits: { turns: 2 },
    script: [
      run('echo 1 >> work.txt'),
      run('echo 2 >> work.txt'),
      { ...run('cat work.txt'), expect: 'go on' },
      finish,
    ],
  })
  expect(await agent.waits()).toContain('turn limit of 2 reached')
  agent.message('m1', 'go on')
  expect(await agent.exit(), agent.screen()).toBe(0)
  expect(resultsOf(agent)[2]).toBe('1\n2\n(exit code 0)')
})

test('an agent near its limit is told once to wrap up', async () => {
  const agent = await ranAgent({
    limits: { turns: 5 },
    script: [
      run('echo 1'),
      run('echo 2'),
      run('echo 3'),
      run('echo 4'),
      { ...finish, expect: 'Wrap up now' },
    ],
  })
  expect(agent.code, agent.screen()).toBe(0)
  expect(agent.conversation().filter(({ role }) => role === 'user').length).toBe(2)
})

test('limits of tokens and of money hold, even where the endpoint reports nothing or nonsense', async () => {
  const money = await startAgent({
    limits: { usd: 0.01 },
    script: [{ ...run('echo 1'), usage: { input: 20_000, output: 10 } }],
  })
  expect(await money.waits()).toContain('limit of $0.01 reached')
  const tokens = await startAgent({
    limits: { tokens: 100 },
    script: [{ ...run('echo 1'), usage: null, text: 'words '.repeat(100) }],
  })
  expect(await tokens.waits()).toContain('token limit of 100 reached')
  const nonsense = await ranAgent({ script: [{ ...finish, fault: 'lie' }] })
  expect(nonsense.code).toBe(0)
})

test('an answer without a call is reminded once, then taken as a question', async () => {
  const agent = await startAgent({
    script: [
      { text: 'All done!' },
      { text: 'Shall I also do b?', expect: 'called no tool' },
      { ...finish, expect: 'no' },
    ],
  })
  expect(await agent.waits()).toBe('Shall I also do b?')
  agent.message('m1', 'no')
  expect(await agent.exit(), agent.screen()).toBe(0)
})

test('a refusal waits for the person with its reason', async () => {
  const agent = await startAgent({ script: [{ text: 'I must not.', finish: 'content_filter' }] })
  expect(await agent.waits()).toContain('the model refused: I must not.')
})

test('an answer that was cut tells the model so', async () => {
  const agent = await ranAgent({
    script: [
      { text: 'It is so long', finish: 'length' },
      { ...finish, expect: 'cut at the limit' },
    ],
  })
  expect(agent.code, agent.screen()).toBe(0)
})

test('the program says that Kage starts it', () => {
  const program = resolve(import.meta.dirname, '../../dist/agent.js')
  for (const words of [[], ['--help']]) {
    const env = { PATH: '', ...(words.length > 0 && { KAGE_TASK_FILE: '/nonexistent' }) }
    const { status, stderr } = spawnSync(process.execPath, [program, ...words], { env, encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toContain('started by Kage')
  }
})

function agentWorks(agent: { readonly server: { readonly requests: readonly unknown[] } }): boolean {
  return agent.server.requests.length > 0
}
