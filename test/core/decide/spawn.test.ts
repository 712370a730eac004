import { expect, test } from 'vitest'
import { decideSpawn, type SpawnFacts, type SpawnRequest } from '../../../src/core/decide/spawn.ts'
import { fault } from '../../../src/core/error.ts'
import { emptyState } from '../../../src/core/state.ts'
import { goodFacts, plainRequest } from '../../support/spawn-facts.ts'

function check(request: Partial<SpawnRequest>, facts: Partial<SpawnFacts> = {}): string | readonly string[] {
  const verdict = decideSpawn(emptyState, { ...plainRequest, ...request }, { ...goodFacts, ...facts })
  if ('refusal' in verdict) return verdict.refusal.code
  const [event] = verdict.events
  if (event?.type !== 'run.started') throw new Error('a spawn that starts no run')
  return event.data.agents.map((agent) => `${event.run}/${agent.name} ${agent.branch} ${agent.worktree}`)
}

const claude = { kind: 'command', command: ['claude'], environment: [], problem: null }
const two = { agentKinds: { ...goodFacts.agentKinds, claude } }

test('names, branches and worktrees are final when the run is decided', () => {
  expect(check({ count: 2 })).toEqual([
    'r1/coder-1 kage/r1/coder-1 /w/r1-coder-1',
    'r1/coder-2 kage/r1/coder-2 /w/r1-coder-2',
  ])
})

test('agents are dealt round robin up to the count', () => {
  expect(check({ count: 3, agents: ['coder', 'claude'] }, two)).toEqual([
    'r1/coder-1 kage/r1/coder-1 /w/r1-coder-1',
    'r1/claude kage/r1/claude /w/r1-claude',
    'r1/coder-2 kage/r1/coder-2 /w/r1-coder-2',
  ])
})

test('without a count each named agent is started once', () => {
  expect(check({ agents: ['coder', 'claude'] }, two)).toHaveLength(2)
})

test('a run number that a branch or directory of an earlier life has is passed over', () => {
  expect(check({}, { branches: ['kage/r4/coder'] })).toEqual(['r5/coder kage/r5/coder /w/r5-coder'])
  expect(check({}, { worktreesTaken: ['r7-coder'] })).toEqual(['r8/coder kage/r8/coder /w/r8-coder'])
})

test('every refusal has its code', () => {
  expect(check({ task: ' \n' })).toBe('KAGE_TASK_EMPTY')
  expect(check({ task: 'x'.repeat(3_000_000) })).toBe('KAGE_TASK_TOO_LONG')
  expect(check({ task: 'a\0b' })).toBe('KAGE_TASK_EMPTY')
  for (const count of [0, -1, 1.5, 100, Number.NaN]) expect(check({ count })).toBe('KAGE_COUNT_INVALID')
  expect(check({ count: 5 }, { limits: { ...goodFacts.limits, agents: 4 } })).toBe('KAGE_LIMIT')
  expect(check({ agents: ['nobody'] })).toBe('KAGE_AGENT_UNKNOWN')
  expect(check({}, { defaultAgents: [] })).not.toBe('KAGE_AGENT_KIND')
  expect(check({ agents: ['coder'] }, { agentKinds: { coder: { ...claude, kind: 'cli' } } })).toBe(
    'KAGE_AGENT_KIND',
  )
  expect(
    check({}, { agentKinds: { coder: { ...claude, problem: fault('KAGE_AGENT_COMMAND', 'no program') } } }),
  ).toBe('KAGE_AGENT_COMMAND')
  expect(check({}, { prefixTaken: true })).toBe('KAGE_BRANCH_PREFIX_TAKEN')
  expect(check({}, { diskFreeBytes: 1000 })).toBe('KAGE_DISK_LOW')
})

/** The limits of each agent of a run of kind "api". */
function limitsOf(request: Partial<SpawnRequest>, runUsd: number | null = null): unknown[] {
  const model = {
    provider: 'x',
    api: 'openai',
    baseUrl: null,
    model: 'm',
    keyEnv: null,
    price: null,
  } as const
  const agentKinds = { coder: { kind: 'api', command: [], environment: [], model, problem: null } }
  const facts = { ...goodFacts, agentKinds, limits: { ...goodFacts.limits, runUsd } }
  const verdict = decideSpawn(emptyState, { ...plainRequest, ...request }, facts)
  if ('refusal' in verdict) return [verdict.refusal.code]
  const [event] = verdict.events
  return event?.type === 'run.started' ? event.data.agents.map((agent) => agent.model?.limits) : []
}

test('an agent ends where the configuration says, or the person that asks', () => {
  expect(limitsOf({})).toEqual([{ turns: 60, tokens: 400_000, usd: null }])
  expect(limitsOf({ maxTurns: 7 }, 3)).toEqual([{ turns: 7, tokens: 400_000, usd: 3 }])
})

test('the money of a run is split evenly over its agents', () => {
  const each = { turns: 60, tokens: 400_000, usd: 0.5 }
  expect(limitsOf({ count: 4, budgetUsd: 2 }, 100)).toEqual([each, each, each, each])
})

test('no turns and no money are no limits', () => {
  for (const maxTurns of [0, -1, 1.5, Number.NaN]) expect(limitsOf({ maxTurns })).toEqual(['KAGE_USAGE'])
  for (const budgetUsd of [0, -1, Infinity, Number.NaN])
    expect(limitsOf({ budgetUsd })).toEqual(['KAGE_USAGE'])
})
