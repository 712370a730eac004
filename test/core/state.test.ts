import { expect, test } from 'vitest'
import { changedSlices, emptyState, stateOfSlices, type RunState } from '../../src/core/state.ts'
import { stateAfter } from '../support/agent-story.ts'

test('a state comes back from its slices, runs in the order of their numbers', () => {
  const run = stateAfter().runs['r1'] as RunState
  const state = {
    ...emptyState,
    seq: 3,
    runs: { r1: run, r2: { ...run, id: 'r2' }, r10: { ...run, id: 'r10' } },
  }
  const rows = changedSlices(emptyState, state).toSorted((one, other) => (one.key < other.key ? -1 : 1))
  expect(rows.map(({ key }) => key)).toEqual(['runs/r1', 'runs/r10', 'runs/r2'])
  const back = stateOfSlices(3, rows)
  expect(back).toEqual(state)
  expect(Object.keys(back.runs)).toEqual(['r1', 'r2', 'r10'])
})

test('only what changed is a slice', () => {
  const before = stateAfter()
  const run = before.runs['r1'] as RunState
  expect(changedSlices(before, { ...before, seq: 9 })).toEqual([])
  expect(
    changedSlices(before, { ...before, runs: { ...before.runs, r1: { ...run, regions: ['k'] } } }),
  ).toHaveLength(1)
})
