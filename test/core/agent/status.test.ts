import { expect, test } from 'vitest'
import { runStatus } from '../../../src/core/agent/status.ts'
import type { AgentStatus } from '../../../src/core/state.ts'
import { agentAfter } from '../../support/agent-story.ts'

function check(...statuses: AgentStatus[]): string {
  return runStatus(statuses.map((status) => ({ ...agentAfter(), status })))
}

test('a run works while any of its agents does', () => {
  expect(check('queued', 'queued')).toBe('queued')
  expect(check('queued', 'done')).toBe('working')
  expect(check('waiting', 'working')).toBe('working')
  expect(check('unknown', 'done')).toBe('working')
})

test('a run waits when nothing but the person can move it on', () => {
  expect(check('waiting', 'done')).toBe('waiting')
  expect(check('paused', 'failed')).toBe('waiting')
})

test('a run is done when all have ended and one is done', () => {
  expect(check('done', 'failed')).toBe('done')
  expect(check('failed', 'stopped')).toBe('failed')
  expect(check('stopped', 'stopped')).toBe('stopped')
})
