import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decision } from '../../../src/core/merge/change.ts'
import { choose } from '../../../src/core/merge/choice.ts'
import { decideRegions, exclusions, takeAgent } from '../../../src/core/merge/decision.ts'
import { insideOf } from '../../../src/core/merge/region-index.ts'
import type { RegionView, TextRegion } from '../../../src/core/merge/region-view.ts'
import { piecesOf, spacingOf } from '../../../src/core/merge/spacing.ts'
import { lineTable } from '../../../src/core/merge/lines.ts'
import { anySpacedWorld } from '../../support/merge-arbitrary.ts'
import { mergeWorld, type MergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'

const five = '1\n2\n3\n4\n5\n'
const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

function worldOf(base: string, agents: Record<string, string>): MergeWorld {
  return mergeWorld(
    { file: base },
    Object.fromEntries(Object.entries(agents).map(([name, file]) => [name, { file }])),
  )
}

/** The ranges of the regions, with who made each of their variants. */
function check(
  base: string,
  agents: Record<string, string>,
  expected: readonly [number, number, string][],
): void {
  const found = worldOf(base, agents)
    .regions()
    .map(({ start, end, variants }) => {
      return [start, end, variants.map(({ agents: makers }) => makers.join('=')).join(' ')]
    })
  expect(found).toEqual(expected)
}

test('an agent that changes all line ends glues no regions of others', () => {
  const [bo, cy] = [five.replace('1', 'one'), five.replace('5', 'five')]
  check(five, { ada: crlf(five), bo, cy }, [
    [0, 1, 'ada bo'],
    [1, 4, 'ada'],
    [4, 5, 'ada cy'],
  ])
  check(five, { ada: crlf(five) }, [[0, 5, 'ada']])
  check(five, { ada: crlf(five), bo: five.replace('3\n', '3\nnew\n') }, [
    [0, 3, 'ada'],
    [3, 3, 'bo'],
    [3, 5, 'ada'],
  ])
})

test('what such an agent changes beside the line ends glues as ever, and is not parted from lines that nobody else changed', () => {
  const own = crlf(five.replace('3', 'three').replace('5\n', '5\n6\n'))
  check(five, { ada: own }, [[0, 5, 'ada']])
  check(five, { ada: own, bo: five.replace('3', 'drei') }, [
    [0, 2, 'ada'],
    [2, 3, 'ada bo'],
    [3, 5, 'ada'],
  ])
})

test('other indentation of whole lines glues nothing, with other changes it belongs to them', () => {
  const body = 'def f():\n  a()\n  b()\n  c()\n'
  const edited = body.replace('b()', 'b(1)')
  check(body, { format: body.replaceAll('  ', '    '), edits: edited }, [
    [1, 2, 'format'],
    [2, 3, 'format edits'],
    [3, 4, 'format'],
  ])
  const wrapped = 'def f():\n  if x:\n    a()\n    b()\n    c()\n'
  check(body, { wraps: wrapped, edits: edited }, [[1, 4, 'wraps edits']])
})

test('a variant that differs in line ends or whitespace alone says so', () => {
  for (const [base, text, spacing] of [
    ['a\nb\n', 'a\r\nb\r\n', 'line-ends'],
    ['a\nb', 'a\nb\n', 'line-ends'],
    ['a b\n', 'a  b\n', 'whitespace'],
    ['a b\n', 'a b \r\n', 'whitespace'],
    ['a\nb\n', 'a\n\nb\n', 'whitespace'],
    ['a\n', 'a\n', null],
    ['a\n', 'b\n', null],
  ] as const)
    expect([base, text, spacingOf(base, text)]).toEqual([base, text, spacing])
  const [region] = worldOf(five, { ada: crlf(five), bo: five.replace('1', 'one') }).regions()
  expect(region?.variants).toMatchObject([{ spacing: 'line-ends' }, { agents: ['bo'] }])
  expect(region?.variants[1]).not.toHaveProperty('spacing')
})

test('the regions of others are the same with an agent that changes only whitespace', () => {
  holds(
    fc.property(anySpacedWorld, ({ base, plain, others }) => {
      fc.pre(isCut(base, plain))
      const alone = worldOf(base, others)
        .regions()
        .map(({ key }) => key)
      const among = worldOf(base, { ...others, ada: plain })
        .regions()
        .map(({ key }) => key)
      expect(among.filter((key) => alone.includes(key))).toEqual(alone)
    }),
    500,
  )
})

/** Whether each line differs in whitespace alone, in a way that pairs up all of them. */
function isCut(base: string, text: string): boolean {
  const lines = base.split('\n').length - 1
  const pieces = piecesOf(lineTable(base), { start: 0, end: lines, text })
  return pieces?.every(({ isSoft }) => isSoft) === true
}

test('each agent is its exact file, by regions one after the other or at once, over what others decided', () => {
  holds(
    fc.property(anySpacedWorld, fc.constantFrom('ada', 'bo', 'cy'), ({ base, ada, others }, agent) => {
      const agents: Record<string, string> = { ada, ...others }
      const world = worldOf(base, agents)
      const regions = world.regions()
      expect(world.composed(takeAgent([], regions, agent))['file']).toBe(agents[agent])
      const decisions = regions.reduce<Decision[]>(
        (decided, region) => {
          const chosen = chosenIn(world, region, agent)
          const after = chosen === null ? decided : decideRegions(decided, region, chosen)
          expect(world.regions(after).map(({ key }) => key)).toEqual(regions.map(({ key }) => key))
          return after
        },
        takeAgent([], regions, 'ada').filter(
          (each) => !insideOf(regions.filter((region) => isChanged(region, agent)))(each),
        ),
      )
      expect(exclusions(decisions, world.candidates)).toBeNull()
    }),
    500,
  )
})

test('what is chosen in a region lies inside that region alone', () => {
  holds(
    fc.property(anySpacedWorld, ({ base, ada, others }) => {
      const world = worldOf(base, { ada, ...others })
      const regions = world.regions().filter((region): region is TextRegion => region.kind === 'text')
      for (const [at, region] of regions.entries()) {
        const next = regions[at + 1]
        if (next !== undefined) expect(region.end).toBeLessThanOrEqual(next.start)
        for (const { letter } of region.variants) {
          for (const decision of chosenIn(world, region, letter) ?? [])
            expect(regions.filter((each) => insideOf([each])(decision))).toEqual([region])
        }
      }
    }),
    500,
  )
})

function isChanged(region: RegionView, agent: string): boolean {
  return region.variants.some(({ agents }) => agents.includes(agent))
}

function chosenIn(world: MergeWorld, region: RegionView, choice: string): Decision[] | null {
  const chosen = choose(region, choice, { read: world.read })
  return Array.isArray(chosen) ? chosen : null
}
