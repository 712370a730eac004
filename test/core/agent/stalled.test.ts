import { expect, test } from 'vitest'
import { reasonOf } from '../../../src/core/agent/reason.ts'
import { stallEvents } from '../../../src/core/agent/stalled.ts'
import { agentAfter, begun, type Told } from '../../support/agent-story.ts'

const run = { id: 'r1', attentionMs: 240_000 }
const sinceMs = Date.parse(agentAfter(...begun).since)
const stalled: Told = ['agent.stalled', { lastSign: new Date(sinceMs).toISOString(), message: 'm' }]

function check(told: readonly Told[], lastSignMs: number | null, nowMs: number, given = run): string[] {
  return stallEvents(given, agentAfter(...begun, ...told), lastSignMs, nowMs).map(({ type }) => type)
}

test('an agent at work stalls once after its last sign of life, and stirs with the next', () => {
  expect(check([], 0, sinceMs + 239_999)).toEqual([])
  expect(check([], 0, sinceMs + 240_000)).toEqual(['agent.stalled'])
  expect(check([], sinceMs + 9, sinceMs + 240_000)).toEqual([])
  expect(check([stalled], 0, sinceMs + 999_000)).toEqual([])
  expect(check([stalled], sinceMs + 990_000, sinceMs + 999_000)).toEqual(['agent.stirred'])
  const [event] = stallEvents(run, agentAfter(...begun), 0, sinceMs + 300_000)
  expect(event?.data).toEqual({ lastSign: new Date(sinceMs).toISOString(), message: 'no output for 300 s' })
})

test('only silence at work counts, and only where it was looked for', () => {
  const waiting: Told = ['agent.reported', { status: 'waiting', message: 'which?' }]
  expect(check([waiting], 0, sinceMs + 999_000)).toEqual([])
  expect(check([['agent.paused', { by: 'you' }]], 0, sinceMs + 999_000)).toEqual([])
  expect(check([], null, sinceMs + 999_000)).toEqual([])
  expect(stallEvents({ id: 'r1' }, agentAfter(...begun), 0, sinceMs + 999_000)).toEqual([])
})

test('a stalled agent is shown as such until it stirs', () => {
  expect(reasonOf(agentAfter(...begun, stalled))).toMatch(/stalled: no sign of life since 2026/)
  expect(reasonOf(agentAfter(...begun, stalled, ['agent.stirred', {}]))).not.toMatch(/stalled/)
})
