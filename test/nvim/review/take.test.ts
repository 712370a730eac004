import { wantedOf } from '../../../src/core/landing.ts'
import * as fc from 'fast-check'
import { exclusions, takeAgent } from '../../../src/core/merge/decision.ts'
import { decidePick } from '../../../src/core/merge/pick.ts'
import { sortDecisions } from '../../../src/core/merge/decision-order.ts'
import type { RegionView } from '../../../src/core/merge/region-view.ts'
import { expect, test } from 'vitest'
import { refreshedReview, type Review } from '../../../src/nvim/review/model.ts'
import { outcomesOf } from '../../../src/nvim/review/outcomes.ts'
import { previewed, withNextVariant } from '../../../src/nvim/review/position.ts'
import { replacedLines } from '../../../src/nvim/review/replaced-lines.ts'
import * as take from '../../../src/nvim/review/take.ts'
import { anyWorld } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { seeded } from '../../support/seed.ts'
import type { Files } from '../../support/merge-world.ts'
import { accepted, linesWorld, reviewWorld } from '../../support/review-world.ts'

const three = { 'coder-1': { 3: 'one', 8: 'one' }, 'coder-2': { 3: 'two' }, 'coder-3': { 3: 'one' } }

function outcomes(review: Review): string[] {
  const outcome = outcomesOf(review)
  return review.regions.map((shown) => {
    const found = outcome(shown)
    return found.kind === 'variant' ? found.letter : found.kind
  })
}

test('a number takes what that candidate made', () => {
  const world = linesWorld(three)
  const review = accepted(take.takeNumber(world.review, 2))
  expect(outcomes(review)).toEqual(['b', 'open'])
  expect(world.composed(wantedOf(review))['file']).toContain('line 2\ntwo\nline 4')
  expect(outcomes(accepted(take.takeNumber(review, 3)))).toEqual(['a', 'open'])
})

test('a number of a candidate that changed nothing here is refused', () => {
  const { review } = linesWorld(three)
  const second = { ...review, position: { region: review.regions[1]?.region.key ?? null, letter: null } }
  expect(take.takeNumber(second, 2)).toMatchObject({ code: 'KAGE_CHOICE_INVALID' })
  expect(take.takeNumber(second, 4)).toMatchObject({ code: 'KAGE_CHOICE_INVALID' })
})

test('keeping the base takes a decision back and is remembered', () => {
  const { review } = linesWorld(three)
  const kept = accepted(take.keepBase(accepted(take.takeNumber(review, 1))))
  expect(wantedOf(kept)).toEqual([])
  expect(outcomes(kept)).toEqual(['base', 'open'])
  expect(outcomes(accepted(take.takeNumber(kept, 1)))).toEqual(['a', 'open'])
})

test('both are joined: insertions in the order of the keys, one line in two ways is refused', () => {
  const lines = (...added: string[]): Files => ({ file: ['1', ...added, '2', ''].join('\n') })
  const world = reviewWorld(lines(), { 'coder-1': lines('one'), 'coder-2': lines('two') })
  const joining = { ...withNextVariant(world.review), joining: true }
  expect(previewed(joining)?.letter).toBe('b')
  const review = accepted(take.takeNumber(joining, 1))
  expect(world.composed(wantedOf(review))).toEqual(lines('two', 'one'))
  expect(outcomes(review)).toEqual(['own'])
  const other = { ...withNextVariant(linesWorld(three).review), joining: true }
  expect(take.takeNumber(other, 1)).toMatchObject({
    code: 'KAGE_CONFLICT',
    message: 'coder-2 and coder-1 do not join in file: each changes line 3 in its own way.',
  })
})

const rewritten = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [index + 1, `other ${index}`]))
const glued = linesWorld({ ada: rewritten, bo: { 1: 'one' }, cy: { 9: 'nine' }, dee: { 1: 'eins' } })

/** The review after what one candidate made has landed. */
function landedBy(number: number): Review {
  const taken = accepted(take.takeNumber(glued.review, number))
  return { ...taken, landed: wantedOf(taken), pending: { removed: [], added: [] }, past: [] }
}

test('what has landed stays beside another choice, and what a choice overlaps is named', () => {
  const landed = landedBy(2)
  const both = accepted(take.takeNumber(landed, 3))
  expect(glued.composed(wantedOf(both))['file']).toMatch(/^one\n(.*\n){7}nine\n/)
  expect(replacedLines(both)).toEqual([])
  const other = accepted(take.takeNumber(both, 4))
  expect(glued.composed(wantedOf(other))['file']).toMatch(/^eins\nline 2\n/)
  expect(glued.composed(wantedOf(other))['file']).not.toContain('nine')
  expect(replacedLines(other)).toEqual(['Replaced: file line 1 of bo (g1)'])
  expect(replacedLines(accepted(take.takeNumber(other, 3)))).toEqual([])
})

test('a choice after the base was kept replaces what has landed', () => {
  const based = accepted(take.keepBase(landedBy(2)))
  const alone = accepted(take.takeNumber(based, 3))
  expect(glued.composed(wantedOf(alone))['file']).toMatch(/^line 1\n(.*\n){7}nine\n/)
  expect(replacedLines(alone)).toEqual(['Replaced: file line 1 of bo (g1)'])
})

test('what a key takes over what has landed is what a pick on the command line decides', () => {
  const agents = ['one', 'two', 'three']
  holds(
    fc.property(
      anyWorld,
      fc.constantFrom(...agents),
      fc.constantFrom(...agents),
      fc.nat(),
      (world, first, second, at) => {
        const { answer, review, read, regions, candidates } = reviewWorld(world.base, world.agents)
        const landed = takeAgent([], regions(), first)
        const there = { ...refreshedReview(review, { ...answer, landed }), texts: review.texts }
        const shown = there.regions[at % Math.max(1, there.regions.length)]
        const number = agents.indexOf(second) + 1
        if (shown?.region.variants.some(({ agents: makers }) => makers.includes(second)) !== true) return
        const taken = take.takeNumber(
          { ...there, position: { region: shown.region.key, letter: null } },
          number,
        )
        const picked = decidePick(
          landed,
          { from: null, paths: [], regions: [], lines: [], choices: [{ region: shown.id, choice: second }] },
          { agents, regions: new Map(there.regions.map(({ id, region }) => [id, region])), read },
        )
        if ('code' in picked) throw new Error(picked.message)
        if ('review' in taken) expect(wantedOf(taken.review)).toEqual(picked.decisions)
        else expect(exclusions(picked.decisions, candidates)).not.toBeNull()
      },
    ),
  )
})

test('the rest of a file comes from the previewed candidate, what is decided stays', () => {
  const { review } = linesWorld({ 'coder-1': { 2: 'a', 5: 'a', 8: 'a' }, 'coder-2': { 2: 'b', 5: 'b' } })
  const second = accepted(take.takeNumber(review, 2))
  const at = { ...second, position: { region: second.regions[1]?.region.key ?? null, letter: null } }
  expect(outcomes(accepted(take.takeRest(at)))).toEqual(['b', 'a', 'a'])
  expect(take.takeRest(accepted(take.takeRest(at)))).toMatchObject({ code: 'KAGE_CHOICE_INVALID' })
})

test('a function comes from the previewed candidate, wherever it changed it, and nothing else does', () => {
  const { review } = linesWorld({ ada: { 2: 'a', 4: 'a', 6: 'a', 9: 'a' }, bo: { 4: 'b', 6: 'b' } })
  const part = { name: 'f', start: 2, end: 7 }
  const regions = review.regions.map((shown) => ({ ...shown, part }))
  const at = (index: number): Review => {
    const decided = accepted(take.takeNumber({ ...review, regions }, 1))
    return { ...decided, position: { region: regions[index]?.region.key ?? null, letter: 'b' } }
  }
  expect(outcomes(accepted(take.takeFunction(at(1))))).toEqual(['a', 'b', 'b', 'open'])
  expect(take.takeFunction(review)).toMatchObject({ code: 'KAGE_CHOICE_INVALID' })
})

test('a function that is taken equals its regions taken one by one, in any order', () => {
  const place = fc.record({ start: fc.nat(8), length: fc.nat(8), at: fc.nat(9), seed: fc.nat() })
  holds(
    fc.property(anyWorld, place, ({ base, agents }, { start, length, at, seed }) => {
      const opened = reviewWorld(base, agents).review
      const part = { name: 'f', start, end: start + length }
      const review = { ...opened, regions: opened.regions.map((shown) => ({ ...shown, part })) }
      const within = review.regions.filter(
        ({ region }) => region.kind === 'text' && region.start >= part.start && region.end <= part.end,
      )
      fc.pre(within.length > 0)
      const here = within[at % within.length]
      const number = opened.agents.indexOf(here?.region.variants[0]?.agents[0] ?? '') + 1
      const mine = within.filter(
        ({ region }) => region.path === here?.region.path && madeBy(region, opened.agents[number - 1]),
      )
      const random = seeded(seed)
      let single: Review = review
      for (const { region } of mine.toSorted(() => random() - 0.5)) {
        const there = { ...single, position: { region: region.key, letter: null } }
        single = accepted(take.takeNumber(there, number))
      }
      const whole = take.takeFunction({
        ...review,
        position: { region: here?.region.key ?? null, letter: null },
      })
      expect(sortDecisions(wantedOf(accepted(whole)))).toEqual(sortDecisions(wantedOf(single)))
    }),
  )
})

function madeBy({ variants }: RegionView, agent = ''): boolean {
  return variants.some(({ agents }) => agents.includes(agent))
}

test('rows are taken at once, where the candidate changed something', () => {
  const { review } = linesWorld({ 'coder-1': { 2: 'a', 8: 'a' }, 'coder-2': { 5: 'b' } })
  const keys = new Set(review.regions.map(({ region }) => region.key))
  expect(outcomes(accepted(take.takeRows(review, keys)))).toEqual(['a', 'open', 'a'])
})

test('some lines of a variant are the own choice of the person', () => {
  const world = reviewWorld({ f: 'a\nb\nc\n' }, { one: { f: 'x\ny\nc\n' } })
  const review = accepted(take.takeLines(world.review, 'a', [{ first: 2, last: 2 }]))
  expect(world.composed(wantedOf(review))['f']).toBe('a\ny\nc\n')
  expect(outcomes(review)).toEqual(['own'])
})

test('lines of several variants are taken together, one selection after the other', () => {
  const world = reviewWorld({ f: 'a\nb\nc\n' }, { one: { f: 'x\nb\nz\n' }, two: { f: 'a\ny\nc\n' } })
  const first = accepted(take.takeLines(world.review, 'a', [{ first: 3, last: 3 }]))
  const second = accepted(take.takeLines(first, 'b', [{ first: 2, last: 2 }]))
  expect(world.composed(wantedOf(second))['f']).toBe('a\ny\nz\n')
  const anew = accepted(take.takeLines(accepted(take.keepBase(second)), 'a', [{ first: 1, last: 1 }]))
  expect(world.composed(wantedOf(anew))['f']).toBe('x\nb\nc\n')
})

test('an edited text is taken, also where it is a variant after all', () => {
  const world = linesWorld(three)
  const key = world.review.regions[0]?.region.key ?? ''
  const own = accepted(take.takeEdited(world.review, key, 'mine\n'))
  expect(world.composed(wantedOf(own))['file']).toContain('line 2\nmine\nline 4')
  expect(outcomes(own)).toEqual(['own', 'open'])
  expect(outcomes(accepted(take.takeEdited(own, key, 'two\n')))).toEqual(['b', 'open'])
  expect(take.takeEdited(own, 'gone', 'x')).toMatchObject({ code: 'KAGE_VARIANT_STALE' })
})

test('a whole file and its lines exclude each other', () => {
  const world = reviewWorld({ f: 'a\n' }, { one: { f: 'b\n' }, two: {} })
  const lines = accepted(take.takeNumber(world.review, 1))
  const at = { ...lines, position: { region: lines.regions[1]?.region.key ?? null, letter: null } }
  expect(take.takeNumber(at, 2)).toMatchObject({ code: 'KAGE_CHOICES_EXCLUDE' })
})

test('joining two new files asks for their texts first', () => {
  const world = reviewWorld({}, { one: { f: 'b\n' }, two: { f: 'c\n' } })
  const bare = { ...world.review, texts: new Map(), joining: true }
  const missing = take.takeNumber(bare, 2)
  expect('missing' in missing && missing.missing).toHaveLength(2)
  const review = accepted(take.takeNumber({ ...world.review, joining: true }, 2))
  expect(world.composed(wantedOf(review))['f']).toBe('b\nc\n')
})
