import { expect, test } from 'vitest'
import { nearest } from '../../src/core/nearest.ts'

const known = ['agents', 'limits', 'branch_prefix', 'default_agents']

test.each([
  ['agnets', 'agents'],
  ['limit', 'limits'],
  ['brnach_prefix', 'branch_prefix'],
  ['defaultagents', 'default_agents'],
  ['agents', 'agents'],
])('the nearest of %s is %s', (word, expected) => {
  expect(nearest(word, known)).toBe(expected)
})

test('among no words none is nearest, and a very long word takes no long time', () => {
  expect(nearest('x', [])).toBeNull()
  expect(nearest('x'.repeat(1_000_000), known)).not.toBeNull()
})
