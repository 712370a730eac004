import { expect, test } from 'vitest'
import type { CheckResult } from '../../src/core/check.ts'
import { reduce } from '../../src/core/reduce.ts'
import { changedSlices, emptyState, stateOfSlices, type RunState } from '../../src/core/state.ts'
import { stateAfter, storyOf, type Told } from '../support/agent-story.ts'

test('a state comes back from its slices, runs in the order of their numbers', () => {
  const run = stateAfter().runs['r1'] as RunState
  const state = {
    ...emptyState,
    seq: 3,
    runs: { r1: run, r2: { ...run, id: 'r2' }, r10: { ...run, id: 'r10' } },
  }
  const rows = changedSlices(emptyState, state).toSorted((one, other) => (one.key < other.key ? -1 : 1))
  expect(rows.map(({ key }) => key)).toEqual(
    ['comments', 'kept', 'regions', 'runs'].flatMap((part) => [`${part}/r1`, `${part}/r10`, `${part}/r2`]),
  )
  const back = stateOfSlices(3, rows)
  expect(back).toEqual(state)
  // Also to the letter, so that whoever folds the same events shows the same.
  expect(JSON.stringify(back)).toBe(JSON.stringify(state))
  expect(Object.keys(back.runs)).toEqual(['r1', 'r2', 'r10'])
})

test('checks are known by their tree until others of it are, and those under way end with their daemon', () => {
  const result = {
    name: 'a',
    kind: 'test',
    required: true,
    outcome: 'passed',
    exitCode: 0,
    ms: 1,
    output: '',
  } as const
  const checked = (tree: string, results: readonly CheckResult[], left: readonly string[]): Told => [
    'result.checked',
    { repository: 'k', tree, results, left },
  ]
  const story = [
    checked('one', [result], []),
    checked('two', [], ['a', 'b']),
    checked('two', [result], ['b']),
  ]
  const trees = (...told: readonly Told[]): unknown =>
    stateAfter(...told).checked['k']?.map(({ tree }) => tree)
  expect(trees(...story)).toEqual(['one', 'two'])
  expect(trees(...story, checked('two', [], []))).toEqual(['one'])
  expect(trees(...story, ['daemon.started', { version: '1', pid: 1, epoch: 1 }])).toEqual(['one'])
  expect(trees(...story, checked('two', [result, result], []), checked('one', [result], []))).toEqual([
    'two',
    'one',
  ])
})

test('only what changed is a slice', () => {
  const before = stateAfter()
  const run = before.runs['r1'] as RunState
  expect(changedSlices(before, { ...before, seq: 9 })).toEqual([])
  const regions = { ...run, regions: ['k'] }
  expect(changedSlices(before, { ...before, runs: { ...before.runs, r1: regions } })).toEqual([
    { key: 'regions/r1', value: ['k'] },
  ])
})

test('what an agent tells does not write the decisions and regions of its run again', () => {
  const before = stateAfter()
  const run = before.runs['r1'] as RunState
  const pending = { '/tree': { removed: [], added: [] } }
  const decided = { ...before, runs: { ...before.runs, r1: { ...run, pending, regions: ['k'] } } }
  const told = storyOf(['agent.said', { text: 'at it' }])
    .events.slice(1)
    .reduce(reduce, decided)
  expect(changedSlices(before, decided).map(({ key }) => key)).toEqual(['regions/r1', 'pending/r1 0'])
  expect(changedSlices(decided, told).map(({ key }) => key)).toEqual(['runs/r1'])
  expect(stateOfSlices(told.seq, changedSlices(emptyState, told))).toEqual(told)
})
