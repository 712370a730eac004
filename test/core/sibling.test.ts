import { expect, test } from 'vitest'
import type { AgentState, RunState, State } from '../../src/core/state.ts'
import { othersAtWork, restingSinceMs } from '../../src/core/sibling.ts'

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
const ms = (minute: number): number => Date.parse(at(minute))

function agent(name: string, status: AgentState['status'], started: number, since: number): AgentState {
  const times = { startedAt: at(started), since: at(since) }
  return { name, status, kind: 'command', capture: { final: true }, ...times } as unknown as AgentState
}

function run(id: string, key: string, ...agents: AgentState[]): RunState {
  return { id, mode: 'race', repository: { key }, agents } as unknown as RunState
}

const ada = agent('ada', 'done', 0, 10)

function others(minute: number, ...agents: AgentState[]): string[] {
  const first = run('r1', 'k', ada, ...agents)
  const runs = {
    r1: first,
    r2: run('r2', 'k', agent('cy', 'failed', 30, 40)),
    r3: run('r3', 'other', agent('di', 'working', 0, 0)),
  }
  return othersAtWork({ runs } as unknown as State, first, 'ada', [ms(minute)])
}

test('an agent that works counts from its start on, one that ended, waits or is paused until then', () => {
  expect(others(20, agent('bo', 'working', 5, 6))).toEqual(['r1/bo'])
  expect(others(20, agent('bo', 'working', 21, 21))).toEqual([])
  for (const status of ['done', 'failed', 'stopped', 'waiting', 'paused'] as const) {
    expect(others(20, agent('bo', status, 5, 25))).toEqual(['r1/bo'])
    expect(others(20, agent('bo', status, 5, 15))).toEqual([])
  }
})

test('agents of other runs of the repository count, those of other repositories do not', () => {
  expect(others(35)).toEqual(['r2/cy'])
  expect(others(50)).toEqual([])
})

test('an agent rests once it has ended and was captured, or is paused', () => {
  expect(restingSinceMs(ada)).toBe(ms(10))
  expect(restingSinceMs(agent('bo', 'paused', 0, 10))).toBeGreaterThan(ms(10))
  for (const status of ['queued', 'starting', 'working', 'waiting', 'unknown'] as const)
    expect(restingSinceMs(agent('bo', status, 0, 10))).toBe(null)
  expect(restingSinceMs({ ...ada, capture: null })).toBe(null)
})
