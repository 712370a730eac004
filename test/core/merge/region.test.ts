import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Atom, Candidate, Change, Decision } from '../../../src/core/merge/change.ts'
import { facetOf } from '../../../src/core/merge/facet.ts'
import type { RegionView, TextRegion } from '../../../src/core/merge/region-view.ts'
import { regionsOf } from '../../../src/core/merge/region.ts'
import { anyText, anyWorld } from '../../support/merge-arbitrary.ts'
import { mergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'
import { processorMs } from '../../support/processor-time.ts'

const nine = '1\n2\n3\n4\n5\n6\n7\n8\n9\n'

/** Shows regions as `start-end letter:agents=text …`, `kind path letter:agents …` for units. */
function show(region: RegionView): string {
  if (region.kind !== 'text') {
    const variants = region.variants.map(({ letter, agents, unit }) => `${letter}:${agents.join()}=${unit}`)
    return `${region.kind} ${region.path} ${variants.join(' ')}`
  }
  const variants = region.variants.map(
    ({ letter, agents, text }) => `${letter}:${agents.join()}=${lines(text)}`,
  )
  return `${region.start}-${region.end} (${lines(region.baseText)}) ${variants.join(' ')}`
}

function lines(text: string): string {
  return text.replaceAll('\n', '|')
}

function check(base: string, agents: Record<string, string>, expected: readonly string[]): void {
  const files = Object.fromEntries(Object.entries(agents).map(([agent, text]) => [agent, { file: text }]))
  expect(mergeWorld({ file: base }, files).regions().map(show)).toEqual(expected)
}

test('changes apart by an unchanged line are regions of their own', () => {
  check(nine, { one: '1\nX\n3\nY\n5\n6\n7\n8\n9\n' }, ['1-2 (2|) a:one=X|', '3-4 (4|) a:one=Y|'])
})

test('overlapping and adjacent changes of several agents form one region', () => {
  const agents = { one: '1\nX\n3\n4\n5\n6\n7\n8\n9\n', two: '1\n2\nY\n4\n5\n6\n7\n8\n9\n' }
  check(nine, agents, ['1-3 (2|3|) a:one=X|3| b:two=2|Y|'])
})

test('an insertion at the edge of a range belongs to its region', () => {
  const agents = {
    one: nine.replace('3\n', 'X\n'),
    two: nine.replace('4\n', 'i\n4\n'),
    three: nine.replace('3\n', 'j\n3\n'),
  }
  check(nine, agents, ['2-3 (3|) a:one=X| b:two=3|i| c:three=j|3|'])
})

test('two insertions at one point are one region', () => {
  const agents = { one: nine.replace('4\n', 'i\n4\n'), two: nine.replace('4\n', 'j\n4\n') }
  check(nine, agents, ['3-3 () a:one=i| b:two=j|'])
})

test('identical results are one variant and agents without a change have none', () => {
  const one = nine.replace('5', 'five')
  check(nine, { one, two: nine, three: one, four: nine.replace('5', 'V') }, [
    '4-5 (5|) a:one,three=five| b:four=V|',
  ])
})

test('an empty file that agents filled is a region', () => {
  check('', { one: 'a', two: 'b\n' }, ['0-0 () a:one=a b:two=b|'])
})

test('changes taken whole form one region per path after its texts', () => {
  const base = { a: 'a\n', b: 'b\n', 'a/x': 'x\n' }
  const { 'a/x': _, ...kept } = base
  const world = mergeWorld(base, {
    one: { ...kept, new: '1\n' },
    two: { ...base, a: 'A\n', new: '2\n' },
    three: { b: 'b\n', 'a/x': 'x\n', new: '1\n' },
  })
  expect(world.regions().map(show)).toEqual([
    '0-1 (a|) a:two=A|',
    'delete a a:three=delete',
    'delete a/x a:one=delete',
    'add new a:one,three=add b:two=add',
  ])
})

test('a key stays while path, base range and base stay', () => {
  const keys = (two: string): string[] =>
    mergeWorld({ file: nine }, { one: { file: nine.replace('1', 'X') }, two: { file: two } })
      .regions()
      .map(({ key }) => key)
  const [first, later] = [keys(nine.replace('9', 'A')), keys(nine.replace('9', 'B').replace('5', 'C'))]
  expect(later).toEqual([first[0], expect.any(String), first[1]])
  expect(new Set(later).size).toBe(3)
})

test('a decision that nobody makes any more still has its region', () => {
  const before = mergeWorld({ file: nine }, { one: { file: nine.replace('5', 'X') } })
  const [region] = before.regions()
  const decisions = decide(region)
  const after = mergeWorld({ file: nine }, { one: { file: nine.replace('8', 'Y') } })
  expect(after.regions(decisions).map((view) => [show(view), view.decided.length])).toEqual([
    ['4-5 (5|) ', 1],
    ['7-8 (8|) a:one=Y|', 0],
  ])
})

test('decided variants are marked: the one that results, else those that are part', () => {
  const world = mergeWorld(
    { file: nine },
    {
      one: { file: nine.replace('4', 'X') },
      two: { file: nine.replace('5', 'Y') },
      both: { file: nine.replace('4\n5', 'X\nZ') },
    },
  )
  const marks = (...letters: string[]): string[] => {
    const [region] = world.regions()
    const decisions = letters.flatMap((letter) => decide(region, letter))
    return world
      .regions(decisions)
      .flatMap(({ variants }) => [...variants].filter(({ decided }) => decided).map(({ letter }) => letter))
  }
  expect(marks()).toEqual([])
  expect(marks('a')).toEqual(['a'])
  expect(marks('c')).toEqual(['c'])
  expect(marks('a', 'b')).toEqual(['a', 'b'])
})

test('a variant that is part of the decided one is not marked beside it', () => {
  const [one, two, all] = [nine.replace('4', 'X'), nine.replace('4', 'X').replace('6', 'Y'), '']
  const world = mergeWorld({ file: nine }, { one: { file: one }, two: { file: two }, all: { file: all } })
  const decisions = decide(world.regions()[0], 'b')
  for (const order of [decisions, decisions.toReversed()]) {
    expect(world.regions(order).flatMap(({ variants }) => variants.map(({ decided }) => decided))).toEqual([
      false,
      true,
      false,
    ])
  }
})

test('decisions are found in whatever order they are given', () => {
  const world = mergeWorld(
    { file: nine },
    { one: { file: nine.replace('1', 'X').replace('5', 'Y').replace('9', 'Z') } },
  )
  const decisions = world.regions().flatMap((region) => decide(region))
  expect(world.regions(decisions.toReversed())).toEqual(world.regions(decisions))
})

test('a new file with a content of its own is none of the variants', () => {
  const world = mergeWorld({}, { one: { new: '1' } })
  const [region] = world.regions()
  const entry = region?.variants.map((variant) => ('entry' in variant ? variant.entry : null))[0] ?? null
  const marks = (content?: string): unknown => {
    const unit = { kind: 'unit', unit: 'add', path: 'new', base: null, entry, source: [] } as const
    return world
      .regions([content === undefined ? unit : { ...unit, content }])[0]
      ?.variants.map(({ decided }) => decided)
  }
  expect(marks()).toEqual([true])
  expect(marks('mine')).toEqual([false])
})

test('the 27th variant is aa', () => {
  const agents = Object.fromEntries(
    Array.from({ length: 28 }, (_, index) => [`n${index}`, { file: `${index}\n` }]),
  )
  const [region] = mergeWorld({ file: '' }, agents).regions()
  expect(region?.variants.map(({ letter }) => letter).slice(24)).toEqual(['y', 'z', 'aa', 'ab'])
})

test('regions hold all atoms exactly once, apart from each other, in order', () => {
  holds(
    fc.property(anyText, anyText, anyText, anyText, (base, one, two, three) => {
      const world = mergeWorld(
        { file: base },
        { one: { file: one }, two: { file: two }, three: { file: three } },
      )
      const regions = world.regions().filter((region) => region.kind === 'text')
      // A change of whitespace alone is cut where others need it: soft-region.test.ts.
      fc.pre(regions.every(({ open }) => open === undefined))
      const atoms = world.candidates.flatMap(({ changes }) =>
        changes.flatMap((change) => (change.kind === 'text' ? change.atoms : [])),
      )
      for (const atom of atoms) expect(regions.filter((region) => holdsAtom(region, atom)).length).toBe(1)
      expect(regions.map(({ start, end }) => [start, end])).toEqual(touchingRanges(atoms))
      for (const { baseText, variants } of regions) {
        const texts = variants.map(({ text }) => text)
        expect(new Set([...texts, baseText]).size).toBe(texts.length + 1)
      }
    }),
    1000,
  )
})

test('every agent with a change in a region is in exactly one of its variants', () => {
  holds(
    fc.property(anyWorld, ({ base, agents }) => {
      const world = mergeWorld(base, agents)
      const regions = world.regions()
      fc.pre(regions.every((region) => region.kind !== 'text' || region.open === undefined))
      expect(new Set(regions.map(({ key }) => key)).size).toBe(regions.length)
      for (const { agent, changes } of world.candidates) {
        for (const change of changes) {
          const ofPath = regions.filter(
            ({ path, kind }) => path === change.path && placeOf(kind) === placeOf(changeKind(change)),
          )
          const parts = change.kind === 'text' ? change.atoms : [null]
          for (const atom of parts) {
            const region = ofPath.find(
              (view) => atom === null || (view.kind === 'text' && holdsAtom(view, atom)),
            )
            expect(
              [...(region?.variants ?? [])].filter(({ agents: makers }) => makers.includes(agent)).length,
            ).toBe(1)
          }
        }
      }
    }),
  )
})

function changeKind(change: Change): RegionView['kind'] {
  return change.kind === 'text' ? 'text' : change.unit
}

function placeOf(kind: RegionView['kind']): string {
  return kind === 'text' ? 'text' : facetOf(kind)
}

test('comparing ten agents with five thousand regions each takes few seconds of processor time', async () => {
  expect(await processorMs(() => compareAgents(5000))).toBeLessThan(5000)
})

/** Compares ten agents, of which every third does the same. */
function compareAgents(count: number): void {
  const base = { mode: '100644', oid: 'b' }
  const text = 'line\n'.repeat(3 * count)
  const candidates = Array.from({ length: 10 }, (_, agent): Candidate => {
    const fresh = `${agent % 3}\n`
    const atoms = Array.from({ length: count }, (__, index) => ({
      start: 3 * index,
      end: 3 * index + 1,
      text: fresh,
    }))
    return {
      agent: `n${agent}`,
      tree: 't',
      changes: [{ kind: 'text', path: 'file', base, entry: base, atoms }],
    }
  })
  expect(regionsOf({ candidates, decisions: [], baseText: () => text }).length).toBe(count)
}

function decide(region: RegionView | undefined, letter = 'a'): Decision[] {
  if (region?.kind !== 'text') throw new Error('No text region')
  const variant = region.variants.find((view) => view.letter === letter)
  return (variant?.atoms ?? []).map((atom) => ({
    kind: 'atom',
    path: region.path,
    base: region.base,
    atom,
    source: [],
  }))
}

function holdsAtom(region: TextRegion, atom: Atom): boolean {
  return region.start <= atom.start && atom.end <= region.end
}

/** The unions of touching ranges, found by joining any two until nothing changes. */
function touchingRanges(atoms: readonly Atom[]): number[][] {
  let ranges = atoms.map(({ start, end }) => ({ start, end }))
  for (;;) {
    const pair = ranges.flatMap((one) =>
      ranges
        .filter((two) => two !== one && one.start <= two.end && two.start <= one.end)
        .map((two) => [one, two]),
    )[0]
    if (pair === undefined)
      return ranges.map(({ start, end }) => [start, end]).toSorted((left, right) => left[0]! - right[0]!)
    const joined = {
      start: Math.min(...pair.map(({ start }) => start)),
      end: Math.max(...pair.map(({ end }) => end)),
    }
    ranges = [...ranges.filter((range) => !pair.includes(range)), joined]
  }
}
