import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decision } from '../../../src/core/merge/change.ts'
import { choose } from '../../../src/core/merge/choice.ts'
import { decideRegions, exclusions } from '../../../src/core/merge/decision.ts'
import { anyWorld } from '../../support/merge-arbitrary.ts'
import { mergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'

const anyPicks = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom('base', 'a', 'b', 'c', 'a+b', 'b+a', 'c+a', 'edited')),
  { maxLength: 20 },
)

test('the order of choices never matters', () => {
  holds(
    fc.property(anyWorld, anyPicks, fc.nat(), ({ base, agents }, picks, seed) => {
      const world = mergeWorld(base, agents)
      const regions = world.regions()
      if (regions.length === 0) return
      const byRegion = new Map(picks.map(([region, choice]) => [region % regions.length, choice]))
      const decide = (order: readonly [number, string][]): Decision[] =>
        order.reduce<Decision[]>((decisions, [index, choice]) => {
          const { key } = regions[index]!
          const region = world.regions(decisions).find((view) => view.key === key)
          const chosen = choose(region!, choice === 'edited' ? { edited: 'mine' } : choice, {
            read: world.read,
          })
          return Array.isArray(chosen) ? decideRegions(decisions, region!, chosen) : decisions
        }, [])
      const one = decide([...byRegion])
      const two = decide(rotated([...byRegion].toReversed(), seed))
      expect(two).toEqual(one)
      expect(exclusions(two, world.candidates)?.message).toBe(exclusions(one, world.candidates)?.message)
      if (exclusions(one, world.candidates) !== null) return
      const shuffled = rotated(one.toReversed(), seed)
      expect(world.composed(shuffled)).toEqual(world.composed(one))
      const untaken = world
        .regions(one)
        .reduce<Decision[]>((decisions, region) => decideRegions(decisions, region, []), one)
      expect(untaken).toEqual([])
    }),
    1000,
  )
})

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = list.length === 0 ? 0 : by % list.length
  return [...list.slice(at), ...list.slice(0, at)]
}
