import { expect, test } from 'vitest'
import { partAround } from '../../../src/core/language/outline.ts'

const outline = [
  { name: 'A', start: 0, end: 9 },
  { name: 'f', start: 1, end: 4 },
  { name: 'g', start: 4, end: 8 },
  { name: 'inner', start: 5, end: 7 },
]

test('lines are called after the innermost part around them and the one around that', () => {
  expect(partAround(outline, 2, 3)).toEqual({ name: 'A.f', start: 1, end: 4 })
  expect(partAround(outline, 5, 6)?.name).toBe('g.inner')
  expect(partAround(outline, 3, 5)?.name).toBe('A')
  expect(partAround(outline, 8, 10)).toBe(null)
})

test('an insertion is inside only between lines of a part', () => {
  expect(partAround(outline, 2, 2)?.name).toBe('A.f')
  expect(partAround(outline, 4, 4)?.name).toBe('A')
  expect(partAround(outline, 9, 9)).toBe(null)
})
