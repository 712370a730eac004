import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decision } from '../../../src/core/merge/change.ts'
import { choose } from '../../../src/core/merge/choice.ts'
import { decideRegions, exclusions, takeAgent } from '../../../src/core/merge/decision.ts'
import { anyText, anyWorld } from '../../support/merge-arbitrary.ts'
import { mergeWorld } from '../../support/merge-world.ts'
import type { Files, MergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'

const nine = '1\n2\n3\n4\n5\n6\n7\n8\n9\n'

/** Decides choices one after the other, each on the regions as they are then; a region is named by path and start. */
function decided(
  world: MergeWorld,
  picks: readonly (readonly [region: string, choice: string])[],
): Decision[] {
  return picks.reduce<Decision[]>((decisions, [name, choice]) => {
    const region = world.regions(decisions).find((view) => `${view.path}:${view.start ?? view.kind}` === name)
    if (region === undefined) throw new Error(`No region ${name}`)
    const chosen = choose(region, choice, { read: world.read })
    if (!Array.isArray(chosen)) throw new Error(chosen.message)
    return decideRegions(decisions, region, chosen)
  }, [])
}

function check(world: MergeWorld, picks: readonly (readonly [string, string])[], expected: Files): void {
  expect(world.composed(decided(world, picks))).toEqual(expected)
}

/** The paths and reason that exclude what is chosen, or null. */
function excluded(
  base: Files,
  agents: Record<string, Files>,
  picks: readonly (readonly [string, string])[],
): string | null {
  const world = mergeWorld(base, agents)
  const refusal = exclusions(decided(world, picks), world.candidates)
  expect(refusal?.code ?? 'KAGE_CHOICES_EXCLUDE').toBe('KAGE_CHOICES_EXCLUDE')
  return refusal?.message ?? null
}

const pair = mergeWorld(
  { file: nine, old: 'x\n' },
  {
    one: { file: nine.replace('1', 'A').replace('5', 'B'), new: 'n\n' },
    two: { file: nine.replace('5', 'C').replace('9', 'D'), old: 'x\n' },
  },
)

test('pieces of two agents compose', () => {
  const picks = [
    ['file:0', 'one'],
    ['file:4', 'two'],
    ['new:add', 'a'],
    ['file:8', 'base'],
  ] as const
  check(pair, picks, { file: nine.replace('1', 'A').replace('5', 'C'), old: 'x\n', new: 'n\n' })
  check(pair, picks.toReversed(), { file: nine.replace('1', 'A').replace('5', 'C'), old: 'x\n', new: 'n\n' })
})

test('a later choice replaces what was decided in its region', () => {
  check(
    pair,
    [
      ['file:4', 'one'],
      ['file:4', 'two'],
    ],
    { file: nine.replace('5', 'C'), old: 'x\n' },
  )
  check(
    pair,
    [
      ['file:4', 'two'],
      ['file:4', 'base'],
    ],
    { file: nine, old: 'x\n' },
  )
  check(
    pair,
    [
      ['old:delete', 'one'],
      ['new:add', 'one'],
      ['new:add', 'base'],
    ],
    { file: nine },
  )
})

test('decisions are in one order, whatever was decided first', () => {
  const picks = [
    ['old:delete', 'one'],
    ['file:8', 'two'],
    ['file:4', 'one'],
    ['new:add', 'one'],
  ] as const
  expect(decided(pair, picks)).toEqual(decided(pair, picks.toReversed()))
})

test('a decision names all agents that made the change', () => {
  const world = mergeWorld({ file: '1\n' }, { one: { file: 'X\n' }, two: { file: 'X\n' } })
  expect(decided(world, [['file:0', 'two']]).map(({ source }) => source)).toEqual([['one', 'two']])
})

test('a change decided twice is one decision of both', () => {
  const world = mergeWorld({ file: '1\n' }, { one: { file: 'X\n' } })
  const [region] = world.regions()
  const [once] = decided(world, [['file:0', 'one']])
  expect(decideRegions([], region!, [once!, { ...once!, source: ['two'] }])).toEqual([
    { ...once!, source: ['one', 'two'] },
  ])
})

test('an agent is taken whole or by path and region', () => {
  const base = { 'src/a': '1\n', 'src/b': '1\n', srcs: '1\n', lib: nine }
  const one = {
    'src/a': 'A\n',
    'src/b': 'B\n',
    srcs: 'C\n',
    lib: nine.replace('1', 'X').replace('9', 'Y'),
    'src/new': 'N\n',
  }
  const world = mergeWorld(base, { one, two: { ...base, lib: nine.replace('5', 'Z') } })
  const take = (filter: { paths?: string[]; regions?: string[] }): Files =>
    world.composed(takeAgent([], world.regions(), 'one', filter))
  expect(take({})).toEqual(one)
  expect(take({ paths: ['src'] })).toEqual({ ...one, srcs: '1\n', lib: nine })
  expect(take({ paths: ['src/'] })).toEqual(take({ paths: ['src'] }))
  expect(take({ paths: ['src/b', 'srcs'] })).toEqual({ ...base, 'src/b': 'B\n', srcs: 'C\n' })
  const first = world.regions().find(({ path }) => path === 'lib')
  expect(take({ regions: [first!.key] })).toEqual({ ...base, lib: nine.replace('1', 'X') })
  expect(take({ regions: [first!.key], paths: ['src'] })).toEqual(base)
  expect(take({ paths: [] })).toEqual(base)
})

test('taking an agent leaves what was decided where it changed nothing', () => {
  const before = decided(pair, [
    ['file:8', 'two'],
    ['file:4', 'two'],
  ])
  const after = takeAgent(before, pair.regions(before), 'one', { paths: ['file'] })
  expect(pair.composed(after)['file']).toBe(nine.replace('1', 'A').replace('5', 'B').replace('9', 'D'))
  expect(takeAgent(before, pair.regions(before), 'nobody')).toEqual(before)
})

test('what is decided as a whole excludes lines of the same path', () => {
  const picks = [
    ['file:0', 'one'],
    ['file:delete', 'two'],
  ] as const
  expect(excluded({ file: '1\n' }, { one: { file: 'X\n' }, two: {} }, picks)).toMatch(
    /^file is decided as a whole \(delete\) and line by line/,
  )
})

test('two units and two atoms for the same lines exclude each other', () => {
  const world = mergeWorld(
    { file: nine },
    {
      one: { file: nine.replace('2\n3', 'X\nY'), new: '1' },
      two: { file: nine.replace('3', 'Z'), new: '2' },
    },
  )
  const [text, unit] = world.regions()
  const both = (region = text!): Decision[] =>
    ['one', 'two'].flatMap((agent) => {
      const chosen = choose(region, agent, { read: world.read })
      return Array.isArray(chosen) ? chosen : []
    })
  expect(exclusions(both())?.message).toBe(
    'file has two decisions for the same lines (lines 2-3 and line 3).',
  )
  expect(exclusions(both(unit))?.message).toBe(
    'new is decided in two ways (add and add), each for the whole file.',
  )
  const [once] = both()
  expect(exclusions([once!, { ...once!, source: ['two'] }])).toBeNull()
  const other: Decision = {
    kind: 'atom',
    path: 'file',
    base: { mode: '100644', oid: 'b' },
    atom: { start: 8, end: 9, text: '' },
    source: [],
  }
  expect(exclusions([once!, other])?.message).toBe('file is decided on two different bases.')
})

test("all of an agent's regions are its exact files", () => {
  holds(
    fc.property(anyWorld, fc.constantFrom('one', 'two', 'three'), ({ base, agents }, agent) => {
      const world = mergeWorld(base, agents)
      const taken = takeAgent([], world.regions(), agent)
      expect(exclusions(taken, world.candidates)).toBeNull()
      expect(world.composed(taken)).toEqual(agents[agent])
      const picked = world.regions().reduce<Decision[]>((decisions, region) => {
        const chosen = choose(region, agent, { read: world.read })
        return Array.isArray(chosen) ? decideRegions(decisions, region, chosen) : decisions
      }, [])
      expect(picked).toEqual(taken)
    }),
    1000,
  )
})

test("one agent's exact file comes back after another was taken first", () => {
  holds(
    fc.property(anyText, anyText, anyText, (base, one, two) => {
      const world = mergeWorld({ file: base }, { one: { file: one }, two: { file: two } })
      const first = takeAgent([], world.regions(), 'two')
      const second = takeAgent(first, world.regions(first), 'one')
      const untouched = world
        .regions()
        .filter((region) => region.variants.every(({ agents }) => !agents.includes('one')))
      const both = untouched.reduce<Decision[]>(
        (decisions, region) => decideRegions(decisions, region, []),
        second,
      )
      expect(world.composed(both)['file']).toBe(one)
    }),
    500,
  )
})

test('regions keep their keys whatever is decided in them', () => {
  holds(
    fc.property(anyWorld, ({ base, agents }) => {
      const world = mergeWorld(base, agents)
      const taken = takeAgent([], world.regions(), 'two')
      expect(world.regions(taken).map(({ key }) => key)).toEqual(world.regions().map(({ key }) => key))
      for (const region of world.regions(taken)) {
        const marked = region.variants
          .filter((variant) => variant.decided)
          .flatMap((variant) => variant.agents)
        expect(marked.includes('two')).toBe(region.variants.some((variant) => variant.agents.includes('two')))
      }
    }),
  )
})

test('taken and untaken is the base', () => {
  holds(
    fc.property(anyWorld, ({ base, agents }) => {
      const world = mergeWorld(base, agents)
      const taken = takeAgent([], world.regions(), 'three')
      const untaken = world
        .regions(taken)
        .reduce<Decision[]>((decisions, region) => decideRegions(decisions, region, []), taken)
      expect(untaken).toEqual([])
      expect(world.composed(untaken)).toEqual(base)
    }),
  )
})
