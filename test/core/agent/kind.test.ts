import { expect, test } from 'vitest'
import { type AgentKind, agentKinds, agentsOf, isRun, isRunKind } from '../../../src/core/agent/kind.ts'

// One row a kind, one column a question: a new kind has to be answered for here, too.
const questions = ['starts', 'reports', 'costKnown', 'budgetHeld', 'leftovers', 'restart'] as const
const answers: Readonly<Record<AgentKind, readonly unknown[]>> = {
  command: ['command', 'exit', false, false, 'shown', 'temporary'],
  api: ['own program', 'outbox', true, true, 'ended', 'transient'],
  revision: [null, null, false, false, null, 'temporary'],
}
const rows = Object.keys(agentKinds) as AgentKind[]

test.each(rows)('every question has its answer for kind %s', (kind) => {
  expect(Object.keys(agentKinds[kind]).toSorted()).toEqual([...questions].toSorted())
  expect(questions.map((question) => agentKinds[kind][question])).toEqual(answers[kind])
})

test('only what a pane starts is run', () => {
  expect(rows.filter(isRunKind)).toEqual(['command', 'api'])
  expect(['cli', 'acp', 'toString', ''].filter(isRunKind)).toEqual([])
  const agents = rows.map((kind) => ({ kind }))
  expect(agents.filter(isRun)).toEqual([{ kind: 'command' }, { kind: 'api' }])
  expect(agentsOf({ agents })).toEqual(agents.filter(isRun))
})
