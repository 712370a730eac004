import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type AgentInPane, agentInPane } from '../../support/agent-pane.ts'
import { ranAgent } from '../../support/agent-program.ts'
import { until } from '../../support/until.ts'

const finish = { calls: [{ tool: 'finish', input: { summary: 'all is done' } }] }
const ask = { calls: [{ tool: 'ask', input: { question: 'Which one?' } }] }
const run = (command: string): object => ({ calls: [{ tool: 'run', input: { command } }] })

test('the pane is a transcript that can be read', async () => {
  const agent = await agentInPane({
    task: 'fix the parser',
    script: [{ text: 'I look first.', ...run('echo one; echo two') }, finish],
  })
  await until(() => agent.screen().includes('finished: all is done'))
  const lines = agent
    .screen()
    .split('\n')
    .filter((line) => !line.startsWith('·') && !line.startsWith('Pane'))
  expect(lines.filter(Boolean)).toEqual([
    '── r1/coder-1 · prepared-1 by prepared',
    'task: fix the parser',
    'I look first.',
    '→ run echo one; echo two · one (+2 lines)',
    'finished: all is done',
  ])
})

test('a typed line answers a question', async () => {
  const agent = await agentInPane({ script: [ask, { ...finish, expect: 'the second one' }] })
  await until(() => agent.screen().includes('? Which one?'))
  agent.type('the secund', 'BSpace', 'BSpace', 'BSpace', 'ond one', 'Home', 'x', 'BSpace', 'Enter')
  await until(() => agent.screen().includes('finished: all is done'))
  expect(heard(agent)).toEqual(['the second one'])
  expect(agent.screen()).toContain('> the second one\n')
})

test('a line typed while the agent works does not tear the transcript', async () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}${index % 10 === 9 ? '\n' : ' '}`)
  const agent = await agentInPane({
    script: [
      { text: words, pace: 20, ...run('true') },
      { ...finish, expect: 'look at this' },
    ],
  })
  await until(() => agent.screen().includes('word5 '))
  agent.type('look')
  await until(() => agent.rows().some((row) => row === '> look'))
  agent.type(' at this')
  await until(() => agent.screen().includes('word39'))
  agent.type('Enter')
  await until(() => agent.screen().includes('finished: all is done'))
  const text = agent.screen()
  for (let index = 0; index < 60; index++) expect(text).toMatch(new RegExp(`\\bword${index}\\b`))
  expect(text.split('> look at this').length).toBe(2)
  expect(text).not.toContain('> look\n')
  expect(heard(agent)).toEqual(['look at this'])
})

test('a paste of several lines is one message, however long its lines are', async () => {
  const long = 'x'.repeat(10_000)
  const agent = await agentInPane({ script: [ask, { ...finish, expect: long }] })
  await until(() => agent.screen().includes('? Which one?'))
  agent.paste(`first\nsecond ${long}\n\tthird\u001b[31m`)
  await until(() => agent.screen().includes('third'))
  agent.type('Enter')
  await until(() => agent.screen().includes('all is done'))
  const message = agent.conversation().find((each) => each.role === 'tool')
  expect(message?.text).toBe(`first\nsecond ${long}\n\tthird[31m`)
  expect(heard(agent).length).toBe(1)
})

test('a line that was typed and not taken up goes to the next attempt', async () => {
  const agent = await agentInPane({ script: [run('touch begun; exec sleep 1000')] })
  await until(() => existsSync(join(agent.worktree, 'begun')))
  agent.type('mind the gap', 'Enter')
  await until(() => heard(agent).length === 1)
  process.kill(Number(agent.tmux('display-message', '-p', '-t', 'user', '#{pane_pid}')), 'SIGKILL')
  const second = await ranAgent({ script: [run(''), { ...finish, expect: 'mind the gap' }], after: agent })
  expect(second.code, second.screen()).toBe(0)
})

test('Ctrl-C calls off what is under way and asks what to do instead', async () => {
  const agent = await agentInPane({
    script: [run('touch begun; exec sleep 1000'), { ...finish, expect: 'go on' }],
  })
  await until(() => existsSync(join(agent.worktree, 'begun')))
  agent.type('C-c')
  await until(() => agent.screen().includes('waiting: interrupted'))
  agent.type('C-c')
  agent.type('go on', 'Enter')
  await until(() => agent.screen().includes('finished: all is done'))
})

test('Ctrl-C does not call off a question that is waiting for its answer', async () => {
  const turn = { calls: [...ask.calls, { tool: 'run', input: { command: 'echo 1' } }] }
  const agent = await agentInPane({ script: [turn, finish] })
  await until(() => agent.screen().includes('? Which one?'))
  agent.type('not this', 'C-c', 'this', 'Enter')
  await until(() => agent.screen().includes('finished: all is done'))
  const results = agent.conversation().flatMap((each) => (each.role === 'tool' ? [each.text] : []))
  expect(results).toEqual(['this', '1\n(exit code 0)', 'finished'])
})

test('in forty columns everything can still be read and typed', async () => {
  const agent = await agentInPane(
    { task: 'fix the parser of the thing that is far too long for one row', script: [ask, finish] },
    40,
    20,
  )
  await until(() => agent.screen().includes('? Which one?'))
  agent.type('a line that is much longer than the forty columns of the pane, to its very end')
  await until(() => agent.rows().some((row) => row.startsWith('> ') && row.endsWith('to its very end')))
  agent.type('Enter')
  await until(() => agent.screen().includes('finished: all is done'))
  expect(heard(agent)[0]).toBe(
    'a line that is much longer than the forty columns of the pane, to its very end',
  )
})

test('colours are left away where NO_COLOR says so, and nothing but text goes to a dumb terminal', async () => {
  const coloured = await agentInPane({ script: [ask] })
  await until(() => coloured.screen().includes('? Which one?'))
  expect(coloured.tmux('capture-pane', '-p', '-e', '-t', 'user')).toContain('\u001b[')
  const plain = await agentInPane({ script: [ask], environment: { NO_COLOR: '1' } })
  await until(() => plain.screen().includes('? Which one?'))
  expect(plain.tmux('capture-pane', '-p', '-e', '-t', 'user')).not.toContain('\u001b[')
  const dumb = await agentInPane({ script: [ask, finish], environment: { TERM: 'dumb' } })
  await until(() => dumb.screen().includes('? Which one?'))
  dumb.type('this one', 'Enter')
  await until(() => dumb.screen().includes('finished: all is done'))
  expect(heard(dumb)).toEqual(['this one'])
})

test('a closed pane ends the agent', async () => {
  const agent = await agentInPane({
    script: [run('touch begun; exec sleep 1000')],
    prepare: ({ worktree }) => writeFileSync(join(worktree, 'x'), ''),
  })
  await until(() => existsSync(join(agent.worktree, 'begun')))
  const pid = Number(agent.tmux('display-message', '-p', '-t', 'user', '#{pane_pid}'))
  agent.tmux('new-window', '-d', 'exec cat')
  agent.tmux('kill-pane', '-t', 'user')
  await until(() => !isThere(pid))
  expect(agent.conversation().at(-1)).toMatchObject({ role: 'tool', failed: true })
})

function heard(agent: AgentInPane): string[] {
  return agent.reports().flatMap((report) => (report.type === 'message.heard' ? [report.data.text] : []))
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
