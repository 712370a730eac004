import { expect, test } from 'vitest'
import {
  restartDelayMs,
  restartEvents,
  restartPolicy,
  type Restart,
} from '../../../src/core/agent/restart.ts'
import type { Exit } from '../../../src/core/event.ts'
import { agentAfter, begun, exited, type Told } from '../../support/agent-story.ts'

const nowMs = Date.parse('2026-01-01T00:01:00.000Z')
const restarting = (attempt: number, restart: number): Told => [
  'agent.restarting',
  { attempt, restart, waitMs: 1000, message: 'exit 1' },
]
const crash = exited(1)[1] as Exit

function check(restart: Restart, exit: Exit, told: readonly Told[] = []): string[] {
  const agent = { ...agentAfter(...begun, ...told), restart }
  return restartEvents('r1', agent, exit, nowMs).map(({ type }) => type)
}

test.each([
  ['temporary', [false, false, false, false]],
  ['transient', [true, true, false, false]],
  ['permanent', [true, true, true, false]],
] as const)('%s: which ends are followed by a restart', (restart, expected) => {
  const ends = [exited(1), exited(null, 'KILL'), exited(0), exited(null, 'TERM')].map(
    ([, exit]) => exit as Exit,
  )
  expect(ends.map((exit) => check(restart, exit).includes('agent.restarting'))).toEqual(expected)
})

test('an end that was asked for, explained or never seen is no crash', () => {
  const code = 'KAGE_PROVIDER_QUOTA: the plan is used up'
  const by = { by: 'you' }
  expect(check('permanent', crash, [['agent.said', { text: code }]])).toEqual([])
  expect(check('permanent', crash, [['agent.stopping', by]])).toEqual([])
  expect(check('permanent', crash, [['agent.interrupted', by]])).toEqual([])
  expect(check('permanent', crash, [['run.cleaning', { force: false }]])).toEqual([])
  expect(check('permanent', { ...crash, message: 'did not begin: no such program' })).toEqual([])
  expect(check('permanent', { ...crash, code: null })).toEqual([])
  expect(check('permanent', { ...crash, code: 143 })).toEqual([])
})

test('an agent that crashes again and again is given up, and tried anew after the period or by the person', () => {
  const loop = [restarting(2, 1), restarting(3, 2), restarting(4, 3)]
  expect(check('transient', crash, loop.slice(1))).toEqual(['agent.restarting'])
  expect(check('transient', crash, loop)).toEqual(['restart.refused'])
  expect(check('transient', crash, [...loop, ['agent.requeued', { by: 'you', attempt: 5 }]])).toEqual([
    'agent.restarting',
  ])
  const restarted: Told = ['daemon.started', { version: '1', pid: 1, epoch: 2 }]
  expect(check('transient', crash, [...loop, restarted])).toEqual(['restart.refused'])
  const agent = { ...agentAfter(...begun, ...loop), restart: 'transient' as const }
  const later = restartEvents('r1', agent, crash, nowMs + restartPolicy.periodMs)
  expect(later.map(({ data }) => data)).toMatchObject([{ attempt: 5, restart: 1 }])
  expect(agentAfter(...loop, ['restart.refused', { message: 'Kage gave up' }]).reason).toMatch(
    /Kage gave up$/,
  )
})

test('waits grow, and a restarted agent is queued until its wait is over', () => {
  const waits = [[], [restarting(2, 1)], [restarting(2, 1), restarting(3, 2)]].map((told) => {
    const [event] = restartEvents(
      'r1',
      { ...agentAfter(...begun, ...told), restart: 'transient' },
      crash,
      nowMs,
    )
    return event?.type === 'agent.restarting' ? event.data.waitMs : 0
  })
  expect(waits).toEqual(waits.toSorted((left, right) => left - right))
  const agent = agentAfter(...begun, exited(1), restarting(2, 1))
  expect(agent).toMatchObject({ status: 'queued', attempt: 2, desired: 'running', process: null })
  expect(agent.reason).toBe('exit 1; Kage starts it again after 1 s (1 of 3)')
  const sinceMs = Date.parse(agent.since)
  expect([-1, 0, 400, 1000, 5000].map((ms) => restartDelayMs(agent, sinceMs + ms))).toEqual([
    0, 1000, 600, 0, 0,
  ])
})
