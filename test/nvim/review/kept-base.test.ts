import { expect, test } from 'vitest'
import { isKeptStale, keptNames } from '../../../src/nvim/review/kept-base.ts'
import { keepBase, takeNumber } from '../../../src/nvim/review/take.ts'
import { accepted, linesWorld } from '../../support/review-world.ts'

const two = { ada: { 3: 'one' }, bo: { 3: 'two' } }

/** Whether the base of the only region, kept against what the first agents made, is stale beside what others made. */
function staleBeside(others: Parameters<typeof linesWorld>[0]): boolean {
  const { keptBase } = accepted(keepBase(linesWorld(two).review))
  const [shown] = linesWorld(others).review.regions
  expect(keptNames(keptBase, shown!.region)).toHaveLength(1)
  return isKeptStale(keptBase, shown!.region)
}

test('a base that is kept is stale when an agent makes something else there', () => {
  expect(staleBeside(two)).toBe(false)
  expect(staleBeside({ ...two, ada: { 3: 'new' } })).toBe(true)
  expect(staleBeside({ ...two, cleo: { 3: 'three' } })).toBe(true)
})

test('it is not stale when there is less to choose from, nor when agents agree', () => {
  expect(staleBeside({ ada: { 3: 'one' } })).toBe(false)
  expect(staleBeside({ ada: { 3: 'two' }, bo: { 3: 'two' } })).toBe(false)
})

test('a base that was kept by its place alone is never stale', () => {
  const { review } = linesWorld(two)
  const [{ region }] = review.regions as [(typeof review.regions)[number]]
  expect(isKeptStale(new Set([region.key]), region)).toBe(false)
  expect(keptNames(new Set([region.key]), region)).toEqual([region.key])
})

test('keeping it again, or taking a variant, leaves one name of it or none', () => {
  const kept = accepted(keepBase(linesWorld(two).review))
  const later = { ...linesWorld({ ...two, ada: { 3: 'new' } }).review, keptBase: kept.keptBase }
  const region = later.regions[0]!.region
  const again = accepted(keepBase(later))
  expect([...again.keptBase]).toHaveLength(1)
  expect(isKeptStale(again.keptBase, region)).toBe(false)
  expect([...accepted(takeNumber(later, 1)).keptBase]).toEqual([])
})
