import { expect, test } from 'vitest'
import { reasonOf } from '../../../src/core/agent/reason.ts'
import { agentAfter, begun, exited } from '../../support/agent-story.ts'

test('an agent whose worktree somebody removed says so beside its end', () => {
  const lost = ['worktree.lost', { message: 'm' }] as const
  expect(reasonOf(agentAfter(...begun, exited(0)))).toBe('exit 0')
  expect(reasonOf(agentAfter(...begun, lost, exited(0)))).toBe(
    'exit 0; its worktree was removed by someone else',
  )
  expect(reasonOf(agentAfter(...begun, exited(0), lost))).toBe(
    'exit 0; its worktree was removed by someone else',
  )
})
