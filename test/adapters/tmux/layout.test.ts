import { expect, test } from 'vitest'
import { layoutFor } from '../../../src/adapters/tmux/layout.ts'

test('a window of 200×50 holds four panes and no more', () => {
  const layouts = [1, 2, 3, 4, 5].map((panes) => layoutFor(panes, { width: 200, height: 50 }))
  expect(layouts).toEqual(['even-horizontal', 'even-horizontal', 'tiled', 'tiled', null])
})

test('a wide window sets more panes side by side and a tall one below each other', () => {
  expect(layoutFor(3, { width: 242, height: 30 })).toBe('even-horizontal')
  expect(layoutFor(2, { width: 100, height: 50 })).toBe('tiled')
  expect(layoutFor(9, { width: 300, height: 80 })).toBe('tiled')
})

test('a tiny window has no room at all', () => {
  expect(layoutFor(1, { width: 79, height: 50 })).toBe(null)
  expect(layoutFor(1, { width: 200, height: 20 })).toBe(null)
})
