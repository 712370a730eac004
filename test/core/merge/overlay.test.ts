import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { overlapIn, sortAtoms } from '../../../src/core/merge/atom.ts'
import type { AtomDecision, Decision } from '../../../src/core/merge/change.ts'
import { exclusions } from '../../../src/core/merge/decision.ts'
import { decidePick, type PickOutcome, type PickRequest } from '../../../src/core/merge/pick.ts'
import type { RegionView } from '../../../src/core/merge/region-view.ts'
import { type Replaced, replacedIn } from '../../../src/core/merge/replaced.ts'
import { anyText } from '../../support/merge-arbitrary.ts'
import { mergeWorld, type MergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'

const five = '1\n2\n3\n4\n5\n'
const rewritten = 'I\nII\nIII\nIV\nV\n'
const glued = mergeWorld(
  { file: five },
  {
    ada: { file: rewritten },
    bo: { file: five.replace('1', 'one') },
    cy: { file: five.replace('5', 'five') },
    dee: { file: five.replace('1', 'eins').replace('3', 'drei') },
  },
)

interface Landed extends PickOutcome {
  readonly replaced: readonly Replaced[]
}

/** Picks over what has landed, on the regions as they are then. */
function landed(world: MergeWorld, before: readonly Decision[], request: Partial<PickRequest>): Landed {
  const regions = world.regions(before).map((region, at) => ({ id: `g${at + 1}`, region }))
  const picked = decidePick(
    before,
    { from: null, paths: [], regions: [], lines: [], choices: [], ...request },
    {
      agents: world.candidates.map(({ agent }) => agent),
      regions: new Map(regions.map(({ id, region }) => [id, region])),
      read: world.read,
    },
  )
  if ('code' in picked) throw new Error(picked.message)
  const gone = before.filter((each) => !picked.decisions.some((other) => isSame(each, other)))
  return { ...picked, replaced: replacedIn(gone, regions) }
}

function isSame(left: Decision, right: Decision): boolean {
  return JSON.stringify({ ...left, source: [] }) === JSON.stringify({ ...right, source: [] })
}

function chosen(choice: string): Partial<PickRequest> {
  return { choices: [{ region: 'g1', choice }] }
}

/** Lands choices one after the other; the file that comes of it, and what the last one replaced. */
function check(
  choices: readonly string[],
  file: string,
  replaced: readonly [string | null, number, number][],
): void {
  let last: Landed = { decisions: [], again: [], replaced: [] }
  for (const choice of choices) last = landed(glued, last.decisions, chosen(choice))
  expect([choices, glued.composed(last.decisions)['file']]).toEqual([choices, file])
  expect(last.replaced).toEqual(
    replaced.map(([agent, start, end]) => ({ region: 'g1', agent, path: 'file', lines: [start, end] })),
  )
}

test('what has landed stays where a later choice does not overlap it', () => {
  check(['bo', 'cy'], 'one\n2\n3\n4\nfive\n', [])
  check(['cy', 'bo'], 'one\n2\n3\n4\nfive\n', [])
  check(['bo', 'cy', 'dee'], 'eins\n2\ndrei\n4\nfive\n', [['bo', 0, 1]])
  check(['bo+cy', 'ada'], rewritten, [
    ['bo', 0, 1],
    ['cy', 4, 5],
  ])
  check(['ada', 'cy'], five.replace('5', 'five'), [['ada', 0, 5]])
})

test('only: and base replace all that has landed in the region', () => {
  check(['bo', 'only:cy'], five.replace('5', 'five'), [['bo', 0, 1]])
  check(['bo', 'cy', 'base'], five, [
    ['bo', 0, 1],
    ['cy', 4, 5],
  ])
  check(['bo', 'only:bo+cy'], 'one\n2\n3\n4\nfive\n', [])
})

test('a choice that has landed already is named again, and nothing is replaced', () => {
  const first = landed(glued, [], chosen('bo+cy'))
  const second = landed(glued, first.decisions, chosen('bo'))
  expect([second.decisions, second.replaced]).toEqual([first.decisions, []])
  expect(second.again).toEqual(first.decisions.slice(0, 1))
})

test('a text of the person replaces the region, unless it is what has landed there', () => {
  const first = landed(glued, [], { choices: [{ region: 'g1', choice: '@', edited: 'mine\n' }] })
  expect(glued.composed(first.decisions)['file']).toBe('mine\n')
  const next = landed(glued, first.decisions, chosen('cy'))
  expect(next.replaced).toEqual([{ region: 'g1', agent: null, path: 'file', lines: [0, 5] }])
})

test('lines of one variant add up over several landings', () => {
  const line = (first: number): Partial<PickRequest> => ({ lines: [{ variant: 'g1.a', first, last: first }] })
  const one = landed(glued, [], line(2))
  const both = landed(glued, one.decisions, line(4))
  expect([glued.composed(both.decisions)['file'], both.replaced]).toEqual(['1\nII\n3\nIV\n5\n', []])
})

test('a region that is named twice in one pick is refused', () => {
  for (const request of [
    { choices: ['bo', 'cy'].map((choice) => ({ region: 'g1', choice })) },
    { ...chosen('bo'), lines: [{ variant: 'g1.a', first: 1, last: 1 }] },
  ])
    expect(() => landed(glued, [], request)).toThrow('g1 is named twice in one pick.')
})

test('another new file takes the lines of others along, the same one keeps them', () => {
  const world = mergeWorld({}, { one: { new: 'a\nb\n' }, two: { new: 'c\n' } })
  const first = landed(world, [], chosen('one'))
  const [file] = first.decisions
  if (file?.kind !== 'unit' || file.entry === null) throw new Error('there is no file')
  const line: AtomDecision = {
    kind: 'atom',
    path: 'new',
    base: file.entry,
    newFile: true,
    atom: { start: 2, end: 2, text: 'c\n' },
    source: ['two'],
  }
  const mixed = [line, file]
  const inFirst = (request: Partial<PickRequest>): Landed => {
    const id = world.regions(mixed).findIndex(({ kind }) => kind !== 'text') + 1
    const choices = request.choices?.map((each) => ({ ...each, region: `g${id}` })) ?? []
    return landed(world, mixed, { choices })
  }
  expect(inFirst(chosen('one')).decisions).toEqual(mixed)
  const other = inFirst(chosen('two'))
  expect([world.composed(other.decisions), other.replaced.map(({ agent }) => agent)]).toEqual([
    { new: 'c\n' },
    ['two', 'one'],
  ])
})

const names = ['one', 'two', 'three', 'four'] as const
const anyPick = fc.record({
  region: fc.nat(4),
  from: fc.boolean(),
  only: fc.boolean(),
  makers: fc.shuffledSubarray([...names], { minLength: 1 }),
})

test('landed decisions go only where they are named, and only where the choice overlaps them', () => {
  holds(
    fc.property(
      fc.tuple(anyText, anyText, anyText, anyText, anyText),
      fc.array(anyPick, { maxLength: 6 }),
      (texts, picks) => {
        const [base, ...made] = texts
        const agents = Object.fromEntries(names.map((name, at) => [name, { file: made[at] ?? '' }]))
        const world = mergeWorld({ file: base }, agents)
        let before: readonly Decision[] = []
        for (const pick of picks) {
          const regions = world.regions(before)
          const after = tryToLand(world, before, regions, pick)
          if (after === null) continue
          expect(exclusions(after.decisions, world.candidates)).toBeNull()
          const gone = before.filter((each) => !after.decisions.some((other) => isSame(each, other)))
          expect(after.replaced.length).toBe(
            gone.reduce((sum, { source }) => sum + Math.max(1, source.length), 0),
          )
          const added = after.decisions.filter((each) => !before.some((other) => isSame(each, other)))
          if (!pick.only || pick.from)
            expect(gone.every((each) => added.some((other) => overlap(each, other)))).toBe(true)
          before = after.decisions
        }
      },
    ),
    400,
  )
})

test('edits of several agents in one region land in any order to the same file', () => {
  const owners = fc.array(fc.constantFrom('', 'one', 'two', 'three'), { minLength: 1, maxLength: 12 })
  const order = fc.shuffledSubarray(['one', 'two', 'three'], { minLength: 3 })
  holds(
    fc.property(owners, order, (lines, agents) => {
      const textOf = (isMade: (owner: string) => boolean): string =>
        lines.map((owner, at) => (owner !== '' && isMade(owner) ? `${owner} ${at}\n` : `${at}\n`)).join('')
      const files = Object.fromEntries(
        agents.map((agent) => [agent, { file: textOf((owner) => owner === agent) }]),
      )
      const rewriter = { file: lines.map((_, at) => `other ${at}\n`).join('') }
      const world = mergeWorld({ file: textOf(() => false) }, { ...files, rewriter })
      let before: readonly Decision[] = []
      for (const agent of agents.filter((name) => lines.some((owner) => owner === name))) {
        const next = landed(world, before, { from: agent })
        expect(next.replaced).toEqual([])
        before = next.decisions
      }
      expect(world.composed(before)['file']).toBe(textOf(() => true))
    }),
    300,
  )
})

/** What landing a pick comes to; null where its makers did not change that region or do not join. */
function tryToLand(
  world: MergeWorld,
  before: readonly Decision[],
  regions: readonly RegionView[],
  {
    region: at,
    from,
    only,
    makers,
  }: { region: number; from: boolean; only: boolean; makers: readonly string[] },
): Landed | null {
  const region = regions[at % Math.max(1, regions.length)]
  const there = makers.filter((name) => region?.variants.some(({ agents }) => agents.includes(name)))
  const [first] = there
  if (region === undefined || first === undefined) return null
  if (from) return landed(world, before, { from: first })
  try {
    const choice = `${only ? 'only:' : ''}${there.join('+')}`
    return landed(world, before, { choices: [{ region: `g${(at % regions.length) + 1}`, choice }] })
  } catch (thrown) {
    expect(String(thrown)).toMatch(/do not join/)
    return null
  }
}

function overlap(left: Decision, right: Decision): boolean {
  if (left.kind !== 'atom' || right.kind !== 'atom') return true
  return overlapIn(sortAtoms([left.atom, right.atom])) !== null
}
