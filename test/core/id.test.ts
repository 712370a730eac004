import { expect, test } from 'vitest'
import { agentNames, nextRunId } from '../../src/core/id.ts'

test('an agent is called by its key, and numbered where the key appears more than once', () => {
  expect(agentNames(['coder', 'claude', 'coder'])).toEqual(['coder-1', 'claude', 'coder-2'])
})

test('a number never makes two agents of one name', () => {
  expect(agentNames(['coder', 'coder', 'coder-1'])).toEqual(['coder-2', 'coder-3', 'coder-1'])
})

test('a run gets the number after every run, branch and directory of an earlier life', () => {
  expect(nextRunId([])).toBe('r1')
  expect(nextRunId(['r2', 'r10/coder', 'r3-coder', 'release/1', 'r0', 'rx'])).toBe('r11')
})
