import { expect, test } from 'vitest'
import type { ActionType } from '../../src/core/action.ts'
import { decideSpawn } from '../../src/core/decide/spawn.ts'
import { draft } from '../../src/core/draft.ts'
import { fault } from '../../src/core/error.ts'
import type { EventDraft, KageEvent } from '../../src/core/event.ts'
import { reduce } from '../../src/core/reduce.ts'
import { failureEvents, failureWords, retryDelayMs } from '../../src/core/retry.ts'
import { type AgentState, agentOf, emptyState, type State } from '../../src/core/state.ts'
import { goodFacts, plainRequest } from '../support/spawn-facts.ts'

const startMs = Date.parse('2026-01-01T00:00:00Z')
const failed = fault('KAGE_GIT_FAILED', 'the disk is away')

test('an effect without a failure is attempted at once', () => {
  expect(retryDelayMs(agentIn(world()), 'worktree.add', startMs)).toBe(0)
})

test('the back-off doubles, and passes with time', () => {
  let state = world()
  const delays: number[] = []
  for (let attempt = 1; attempt <= 8; attempt++) {
    state = fail(state, 'process.terminate')
    delays.push(retryDelayMs(agentIn(state), 'process.terminate', startMs) ?? -1)
  }
  delays.slice(1, 6).forEach((delay, at) => expect(delay / (delays[at] ?? 0)).toBeCloseTo(2))
  expect(Math.max(...delays)).toBeLessThanOrEqual(75_000)
  expect(retryDelayMs(agentIn(state), 'process.terminate', startMs + 75_000)).toBe(0)
})

test('a clock that went back does not postpone an attempt', () => {
  const state = fail(world(), 'worktree.add')
  expect(retryDelayMs(agentIn(state), 'worktree.add', startMs - 3_600_000)).toBe(0)
})

test('three failures in a row make the agent fail with the reason', () => {
  const state = [1, 2, 3].reduce((before) => fail(before, 'worktree.add'), world())
  expect(agentIn(state)).toMatchObject({ status: 'failed', reason: 'KAGE_GIT_FAILED: the disk is away' })
  expect(retryDelayMs(agentIn(state), 'worktree.add', startMs + 1e9)).toBeNull()
})

test('a failure that another attempt cannot mend is final at once', () => {
  const taken = fault('KAGE_BRANCH_TAKEN', 'There is a branch kage/r1/coder already.')
  const events = failureEvents(agentIn(world()), action('worktree.add'), taken)
  expect(events.map(({ type }) => type)).toEqual(['action.failed', 'agent.failed'])
})

test('a success clears the failure, and a later failure counts from one', () => {
  const before = fail(fail(world(), 'worktree.add'), 'worktree.add')
  const after = append(before, [draft('worktree.added', 'r1', 'coder', { gitDir: '/git' })])
  expect(agentIn(after).failures).toEqual({})
  expect(agentIn(fail(after, 'worktree.add')).failures['worktree.add']?.attempt).toBe(1)
})

test('a capture that failed for good is attempted again by the next daemon', () => {
  const state = [1, 2, 3, 4, 5].reduce((before) => fail(before, 'candidate.capture'), world())
  expect(agentIn(state).captureProblem).toBe('the disk is away')
  const words = 'capturing its work failed 5 times (Kage gave up): the disk is away'
  expect(failureWords(agentIn(state))).toBe(words)
  const restarted = append(state, [draft('daemon.started', null, null, { version: '1', pid: 1, epoch: 2 })])
  expect(agentIn(restarted)).toMatchObject({ captureProblem: null, failures: {} })
})

test('words name the effect, the attempts and whether Kage tries again', () => {
  const state = fail(fail(world(), 'process.terminate'), 'process.terminate')
  const words = 'ending its process failed 2 times (Kage tries again): the disk is away'
  expect(failureWords(agentIn(state))).toBe(words)
})

function world(): State {
  const verdict = decideSpawn(emptyState, { ...plainRequest, count: 1 }, goodFacts)
  if ('refusal' in verdict) throw new Error(verdict.refusal.message)
  return append(emptyState, verdict.events)
}

function agentIn(state: State): AgentState {
  const agent = agentOf(state, 'r1', 'coder')
  if (agent === null) throw new Error('no agent')
  return agent
}

function action(type: ActionType): { type: ActionType; run: string; agent: string; attempt: number } {
  return { type, run: 'r1', agent: 'coder', attempt: 1 }
}

function fail(state: State, type: ActionType): State {
  return append(state, failureEvents(agentIn(state), action(type), failed))
}

function append(state: State, drafts: readonly EventDraft[]): State {
  return drafts.reduce((before, each) => {
    const seq = before.seq + 1
    const event: KageEvent = { ...each, seq, id: `e${seq}`, at: new Date(startMs).toISOString(), v: 1 }
    return reduce(before, event)
  }, state)
}
