import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ranAgent, resultsOf, startAgent } from '../support/agent-program.ts'
import { until } from '../support/until.ts'

const finish = (summary = 'done'): unknown => ({ calls: [{ tool: 'finish', input: { summary } }] })

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
      { calls: [{ tool: 'run', input: { command: 'cat a.txt new/b.txt' } }] },
      finish('changed two to 2'),
    ],
  })
  expect(agent.code, agent.screen()).toBe(0)
  expect(readFileSync(join(agent.worktree, 'a.txt'), 'utf8')).toBe('one\n2\n')
  expect(resultsOf(agent)[3]).toBe('one\n2\nb\n(exit code 0)')
  const reports = agent.reports()
  expect(reports.map(({ type }) => type)).toEqual([
    'agent.reported',
    ...['agent.turned', 'agent.said', 'tool.called'],
    ...['agent.turned', 'tool.called', 'tool.called'],
    ...['agent.turned', 'tool.called'],
    ...['agent.turned', 'tool.called', 'agent.finished'],
  ])
  expect(reports.at(-1)).toEqual({ type: 'agent.finished', data: { summary: 'changed two to 2' } })
  expect(agent.screen()).toContain('task: change two')
  expect(agent.screen()).toContain('I look.')
  expect(agent.screen()).toContain('→ edit a.txt · changed a.txt: one edit')
})
