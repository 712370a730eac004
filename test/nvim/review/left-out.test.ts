import { wantedOf } from '../../../src/core/landing.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RegionView } from '../../../src/core/merge/region-view.ts'
import { regionsOf } from '../../../src/core/merge/region.ts'
import { withLeftOut } from '../../../src/nvim/review/model.ts'
import { takeNumber } from '../../../src/nvim/review/take.ts'
import { anySpacedWorld, anyWorld } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { accepted, linesWorld, reviewWorld } from '../../support/review-world.ts'

test('without an agent the regions are those of the others alone', () => {
  holds(
    fc.property(anyWorld, fc.constantFrom('one', 'two', 'three'), ({ base, agents }, out) => {
      const world = reviewWorld(base, agents)
      const candidates = world.candidates.filter(({ agent }) => agent !== out)
      const alone = regionsOf({ candidates, decisions: [], baseText: world.read })
      const { regions } = withLeftOut(world.review, new Set([out]))
      expect(regions.map(({ region }) => faceOf(region))).toEqual(alone.map(faceOf))
    }),
  )
})

test('so they are with an agent that changed the spacing of every line', () => {
  holds(
    fc.property(anySpacedWorld, fc.constantFrom('ada', 'bo', 'cy'), ({ base, ada, others }, out) => {
      const files = Object.entries({ ada, ...others }).map(([name, file]) => [name, { file }] as const)
      const world = reviewWorld({ file: base }, Object.fromEntries(files))
      const candidates = world.candidates.filter(({ agent }) => agent !== out)
      const alone = regionsOf({ candidates, decisions: [], baseText: world.read })
      const { regions } = withLeftOut(world.review, new Set([out]))
      expect(regions.map(({ region }) => [faceOf(region), openOf(region)])).toEqual(
        alone.map((region) => [faceOf(region), openOf(region)]),
      )
    }),
  )
})

function openOf(region: RegionView): unknown {
  return region.kind === 'text' ? region.open : null
}

test('a region of an agent that reformatted everything falls into those of the others', () => {
  const all = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [index + 1, `  ${index}`]))
  const { review } = linesWorld({ format: all, one: { 2: 'x' }, two: { 8: 'y' } })
  expect(review.regions.map(({ id }) => id)).toEqual(['g1'])
  const without = withLeftOut(review, new Set(['format']))
  expect(without.regions.map(({ id, region }) => [id, region.start])).toEqual([
    ['g1/1', 1],
    ['g1/2', 7],
  ])
  expect(withLeftOut(without, new Set()).regions).toEqual(review.regions)
})

test('what is alike is told of those that are left', () => {
  const { review } = linesWorld({ one: { 3: 'x' }, two: { 3: 'y' }, three: { 3: ' y' }, four: { 3: 'x ' } })
  const answered = review.answered.map((shown) => ({
    ...shown,
    alike: [
      ['a', 'd'],
      ['b', 'c'],
    ],
  }))
  const without = withLeftOut({ ...review, answered }, new Set(['one']))
  expect(without.regions.map(({ alike }) => alike)).toEqual([[['a', 'b']]])
  expect(withLeftOut({ ...review, answered }, new Set(['one', 'two'])).regions[0]).not.toHaveProperty('alike')
})

test('what is decided stays decided, whoever is left out', () => {
  const { review } = linesWorld({ one: { 2: 'x' }, two: { 8: 'y' } })
  const taken = accepted(takeNumber(review, 1))
  const without = withLeftOut(taken, new Set(['one']))
  expect(wantedOf(without)).toEqual(wantedOf(taken))
  expect(without.regions.map(({ region }) => region.start)).toEqual([1, 7])
})

function faceOf(region: RegionView): unknown {
  const variants = region.variants.map((variant) => ({
    // A unit's variant keeps its letter, by which the daemon knows it.
    letter: 'text' in variant ? variant.letter : null,
    agents: variant.agents,
    made: 'text' in variant ? variant.text : variant.entry,
  }))
  return { key: region.key, path: region.path, start: region.start, base: region.baseText, variants }
}
