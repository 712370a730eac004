import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { processTable } from '../../src/adapters/process/table.ts'
import { ranAgent, resultsOf, startAgent } from '../support/agent-program.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'

const finish = { calls: [{ tool: 'finish', input: { summary: 'done' } }] }
const call = (tool: string, input: Record<string, unknown>): object => ({ calls: [{ tool, input }] })

test('a model that makes the same call is warned, then the agent waits', async () => {
  const same = call('search', { pattern: 'x' })
  const agent = await startAgent({ script: [...Array(20).keys()].map(() => same) })
  expect(await agent.waits()).toContain('repeats the same calls')
  const results = resultsOf(agent)
  expect(results.length).toBe(5)
  expect(results.map((text) => text.includes('same calls three times'))).toEqual([
    false,
    false,
    true,
    false,
    false,
  ])
})

test('a model that goes round between two calls is stopped, too', async () => {
  const turns = [...Array(20).keys()].map((index) =>
    call('read', { path: index % 2 === 0 ? 'a.txt' : 'b.txt' }),
  )
  const agent = await startAgent({ files: { 'a.txt': 'a', 'b.txt': 'b' }, script: turns })
  expect(await agent.waits()).toContain('repeats the same calls')
  expect(resultsOf(agent).length).toBe(10)
})

test('nothing outside the worktree is read or written by the tools, and nothing of git', async () => {
  const paths = [
    '../outside.txt',
    'link/x',
    'away',
    '.git',
    '.git/config',
    '.GIT',
    'sub/.git/hooks/pre-commit',
  ]
  const calls = (path: string): object[] => [
    { tool: 'read', input: { path } },
    { tool: 'write', input: { path, content: 'taken over' } },
    { tool: 'edit', input: { path, edits: [{ old: 'secret', new: 'taken over' }] } },
    { tool: 'search', input: { path, pattern: 'secret' } },
    { tool: 'run', input: { command: 'true' } },
  ]
  const agent = await ranAgent({
    prepare: ({ worktree }) => {
      writeFileSync(join(dirname(worktree), 'outside.txt'), 'secret')
      symlinkSync(dirname(worktree), join(worktree, 'link'))
      symlinkSync(join(dirname(worktree), 'outside.txt'), join(worktree, 'away'))
      mkdirSync(join(worktree, 'sub/.git/hooks'), { recursive: true })
    },
    script: [...paths.map((path) => ({ calls: calls(path) })), finish],
  })
  const outside = join(dirname(agent.worktree), 'outside.txt')
  expect(agent.code, agent.screen()).toBe(0)
  const refusals = resultsOf(agent).filter((text) => /outside the worktree|belongs to git/.test(text))
  expect(refusals.length).toBe(paths.length * 4)
  expect(readFileSync(outside, 'utf8')).toBe('secret')
  expect(readFileSync(join(agent.worktree, '.git'), 'utf8')).toMatch(/^gitdir: /)
  expect(existsSync(join(agent.worktree, 'sub/.git/hooks/pre-commit'))).toBe(false)
})

test('an answer of ten megabytes is cut and the model told', async () => {
  const agent = await ranAgent({
    script: [{ fault: { hugeMb: 10 } }, { ...finish, expect: 'cut at the limit' }],
  })
  expect(agent.code, agent.screen().slice(0, 1000)).toBe(0)
  expect(agent.screen().length).toBeLessThan(400_000)
  expect(agent.screen()).toContain('the rest of this answer is not shown')
  expect(readFileSync(join(agent.spool, 'conversation'), 'utf8').length).toBeLessThan(100_000)
})

test('an unknown tool, wrong input and broken JSON are results that tell what is known', async () => {
  const agent = await ranAgent({
    script: [
      call('raed', { path: 'a.txt' }),
      call('read', { path: 7, limit: 'x' }),
      call('read', { path: 'a.txt', colour: 'red' }),
      { calls: [{ tool: 'edit', arguments: '{"path": "a.txt", "edits": [' }] },
      { calls: [{ tool: 'read', arguments: '[1]' }] },
      call('__proto__', {}),
      call('read', { path: 'a.txt' }),
      finish,
    ],
  })
  expect(agent.code, agent.screen()).toBe(0)
  const [unknown, wrong, extra, broken, list, proto, read] = resultsOf(agent)
  expect(unknown).toBe(
    'There is no tool "raed"; there are read, search, edit, write, run, ask, finish. Did you mean read?',
  )
  expect(wrong).toMatch(/^Wrong input for read: path: .*; limit: .*Its input is \{"type":"object"/)
  expect(extra).toContain('colour')
  expect(broken).toContain('Received: {"path": "a.txt", "edits": [')
  expect(list).toContain('Received: [1]')
  expect(proto).toContain('There is no tool "__proto__"')
  expect(read).toBe('1\tone\n2\ttwo')
})

test('calls that all fail make the agent wait', async () => {
  const turns = [...Array(30).keys()].map((index) => call('read', { path: `no-${index}` }))
  const agent = await startAgent({ script: turns })
  expect(await agent.waits()).toContain('12 calls in a row failed')
})

test('a tool that prints fifty megabytes gives its beginning and its end', async () => {
  const command = 'echo first; head -c 50000000 /dev/zero | tr "\\0" x; echo; echo last'
  const agent = await ranAgent({ script: [call('run', { command }), finish] })
  const [output = ''] = resultsOf(agent)
  expect(output.length).toBeLessThan(10_200)
  expect(output).toMatch(/^first\nx+\n… 49990\d{3} characters left out …\nx+\nlast\n\(exit code 0\)$/)
})

test('a tool that never ends is ended when its time is over, with all that left its group', async () => {
  const command = 'setsid sleep 1001 & sleep 1002 & echo $! > pid; trap "" TERM; while :; do sleep 1003; done'
  const agent = await ranAgent({ script: [call('run', { command, timeout_s: 1 }), finish] })
  expect(resultsOf(agent)[0]).toContain('ended after 1 s')
  expect(leftOf(agent.spool)).toEqual([])
})

test('what a tool leaves behind in the background is ended with it, and does not hold it up', async () => {
  const command =
    'setsid sh -c "echo begun > begun.txt; exec sleep 1000" & while [ ! -e begun.txt ]; do :; done; echo ok'
  const agent = await ranAgent({ script: [call('run', { command }), finish] })
  expect(resultsOf(agent)[0]).toBe('ok\n(exit code 0)')
  expect(leftOf(agent.spool)).toEqual([])
})

test('a tool has no terminal, no input, no socket and no pane', async () => {
  const command =
    'cat; (: < /dev/tty) 2>/dev/null && echo terminal; env | grep -E "^(KAGE|TMUX|PAGER|GIT_|[A-Z_]*KEY)" | sort'
  const agent = await ranAgent({
    environment: { TMUX: '/tmp/x,1,0', TMUX_PANE: '%1', OTHER_TOKEN: 'abcdefgh12345' },
    script: [call('run', { command }), finish],
  })
  const names = resultsOf(agent)[0]
    ?.split('\n')
    .map((line) => line.replace(/=.*/, ''))
  expect(names?.join(' ')).toBe(
    'GIT_EDITOR GIT_PAGER GIT_TERMINAL_PROMPT KAGE_AGENT KAGE_CALL KAGE_RUN KAGE_TASK_FILE PAGER (exit code 0)',
  )
})

test('an expression that runs away is ended with its thread', async () => {
  const agent = await startAgent({
    files: { 'a.txt': `${'a'.repeat(60)}b\n` },
    script: [call('search', { pattern: '(a+)+$' }), { ...finish, expect: 'go on' }],
  })
  await until(() => agent.screen().includes('→ search'))
  agent.child.kill('SIGINT')
  expect(await agent.waits()).toContain('interrupted')
  agent.message('m1', 'go on')
  expect(await agent.exit(), agent.screen()).toBe(0)
})

test('what a hostile model and hostile files print reaches no terminal', async () => {
  const evil = '\u001b]52;c;aGk=\u0007\u001b[2J\u009b31m\u0000\u202e\ud800 plain'
  const agent = await ranAgent({
    files: { 'evil.txt': evil },
    script: [
      { text: evil, calls: [{ tool: 'run', input: { command: 'cat evil.txt' } }] },
      call('read', { path: evil }),
      { calls: [{ tool: 'finish', input: { summary: evil } }] },
    ],
  })
  expect(agent.code).toBe(0)
  expect(agent.screen()).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
  expect(agent.screen().split(' plain').length).toBeGreaterThan(3)
  expect(JSON.stringify(agent.reports())).not.toMatch(/\\u001b|\\u009b|\u009b/)
})

/** Processes that still carry the agent's mark. */
function leftOf(spool: string): number[] {
  return processTable
    .pids()
    .filter((pid) => processTable.environment(pid)?.includes(`KAGE_TASK_FILE=${spool}`) && isRunning(pid))
}
