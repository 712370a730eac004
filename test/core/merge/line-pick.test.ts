import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Atom } from '../../../src/core/merge/change.ts'
import { exclusions } from '../../../src/core/merge/decision.ts'
import { chooseLines } from '../../../src/core/merge/line-choice.ts'
import { pickLines } from '../../../src/core/merge/line-pick.ts'
import type { LineRange } from '../../../src/core/merge/line-pick.ts'
import type { TextRegion, TextVariant } from '../../../src/core/merge/region-view.ts'
import { splice } from '../../../src/core/merge/splice.ts'
import { anyText } from '../../support/merge-arbitrary.ts'
import { mergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'
import { referenceLines } from '../../support/reference-diff.ts'

const span = 'every\nline\nis\nmine\n'

/** Picks of the first variant of a file that a further agent rewrote, so that all is one region. */
function check(base: string, text: string, picks: Record<string, string | null>): void {
  const world = mergeWorld({ file: base }, { one: { file: text }, all: { file: span } })
  const [region] = world.regions()
  for (const [pick, expected] of Object.entries(picks)) {
    const choices = pick.split(',').map((range) => {
      const [first = 0, last = first] = range.split('-').map(Number)
      return { variant: 'one', first, last }
    })
    const decisions = chooseLines(region!, choices, { read: world.read })
    if (!Array.isArray(decisions))
      expect([pick, decisions.code, expected]).toEqual([pick, 'KAGE_CHOICE_INVALID', null])
    else expect([pick, world.composed(decisions)['file']]).toEqual([pick, expected])
  }
}

test('a picked line replaces the base line of its position', () => {
  check('a\nb\nc\n', 'X\nY\nZ\n', { 1: 'X\nb\nc\n', 2: 'a\nY\nc\n', '2-3': 'a\nY\nZ\n', '1-3': 'X\nY\nZ\n' })
})

test('a picked line beyond the replaced ones is inserted after them', () => {
  const picks = {
    1: 'X\nb\n',
    2: 'a\nY\n',
    3: 'a\nb\nZ\n',
    '1-2': 'X\nY\n',
    '2-3': 'a\nY\nZ\n',
    '1-3': 'X\nY\nZ\n',
  }
  check('a\nb\n', 'X\nY\nZ\n', picks)
})

test('lines of one change are picked in several ranges', () => {
  check('a\n', 'X\nY\nZ\nU\n', {
    '2,4': 'a\nY\nU\n',
    '4,1': 'X\nU\n',
    '3-4,2-3': 'a\nY\nZ\nU\n',
    '1,2,3,4': 'X\nY\nZ\nU\n',
  })
})

test('lines of two variants at one point stand one after the other', () => {
  const world = mergeWorld({ file: 'a\n' }, { one: { file: 'a\nX\nY\n' }, two: { file: 'a\nU\nV\n' } })
  const [region] = world.regions()
  const take = (...picks: [variant: string, line: number][]): unknown => {
    const choices = picks.map(([variant, line]) => ({ variant, first: line, last: line }))
    const decisions = chooseLines(region!, choices, { read: world.read })
    return Array.isArray(decisions) ? world.composed(decisions)['file'] : decisions.message
  }
  expect(take(['one', 2], ['two', 1])).toBe('a\nY\nU\n')
  expect(take(['b', 1], ['a', 2], ['b', 2])).toBe('a\nU\nV\nY\n')
  const same = mergeWorld({ file: '' }, { one: { file: 'X\nY\n' }, two: { file: 'X\nZ\n' } })
  const both = ['one', 'two'].map((variant) => ({ variant, first: 1, last: 1 }))
  const decisions = chooseLines(same.regions()[0]!, both, { read: same.read })
  expect(Array.isArray(decisions) && same.composed(decisions)['file']).toBe('X\n')
})

test('base lines without a counterpart go only with all lines of the change', () => {
  check('a\nb\nc\n', 'X\nY\n', { 1: 'X\nb\nc\n', 2: 'a\nY\nc\n', '1-2': 'X\nY\n' })
})

test('a pure deletion is picked with both lines around it', () => {
  const picks = {
    1: 'a\nb\nc\nd\n',
    2: 'a\nb\nc\nd\n',
    '1-2': 'a\nc\nd\n',
    '2-3': 'a\nb\nc\nd\n',
    '1-3': 'a\nc\nd\n',
  }
  check('a\nb\nc\nd\n', 'a\nc\nd\n', picks)
})

test('a pure deletion at the edge is picked with the line beside it', () => {
  check('a\nb\nc\n', 'b\n', { 1: 'b\n' })
  check('a\nb\nc\nd\n', 'b\nc\n', { 1: 'b\nc\nd\n', 2: 'a\nb\nc\n', '1-2': 'b\nc\n' })
})

test('unchanged lines decide nothing', () => {
  check('a\nb\nc\n', 'X\nb\nc\n', { 2: 'a\nb\nc\n', '2-3': 'a\nb\nc\n' })
})

test('lines that the variant does not have are refused', () => {
  check('a\n', 'X\nY\n', { '0-1': null, '1-3': null, '2-1': null, '3-3': null, 1.5: null, NaN: null })
  check('a\n', '', { '1-1': null })
})

test('a picked last line without a newline is not glued to what follows', () => {
  check('a\nb\nc\n', 'X\nY', { 2: 'a\nY\nc\n', '1-2': 'X\nY' })
  check('a', 'a\nb', { 2: 'a\nb' })
})

test('some lines of a new file are taken', () => {
  const world = mergeWorld({}, { one: { new: '1\n2\n3' } })
  const [region] = world.regions()
  const take = (first: number, last: number): unknown => {
    const decisions = chooseLines(region!, [{ variant: 'g1.a', first, last }], { id: 'g1', read: world.read })
    return Array.isArray(decisions) ? world.composed(decisions)['new'] : decisions.code
  }
  expect(take(2, 3)).toBe('2\n3')
  expect(take(1, 1)).toBe('1\n')
  expect(take(1, 4)).toBe('KAGE_CHOICE_INVALID')
})

test('lines of an unknown variant or of a removal are refused', () => {
  const world = mergeWorld({ old: '1\n' }, { one: {} })
  const [region] = world.regions()
  const take = (variant: string): unknown =>
    chooseLines(region!, [{ variant, first: 1, last: 1 }], { read: world.read })
  expect(take('one')).toMatchObject({
    code: 'KAGE_CHOICE_INVALID',
    message: expect.stringContaining('not by line'),
  })
  expect(take('two')).toMatchObject({
    code: 'KAGE_CHOICE_INVALID',
    message: expect.stringContaining('no variant'),
  })
})

test('all lines of a variant are the variant', () => {
  holds(
    fc.property(anyText, anyText, anyText, (base, one, two) => {
      for (const [region, variant] of variantsOf(base, one, two)) {
        const total = referenceLines(variant.text).length
        if (total > 0) expect(picked(region, variant, 1, total)).toBe(variant.text)
      }
    }),
    1000,
  )
})

test('picks in several ranges are the same in any order and whatever their cut', () => {
  holds(
    fc.property(anyText, anyText, anyText, fc.func(fc.boolean()), (base, one, two, isPicked) => {
      for (const [region, variant] of variantsOf(base, one, two)) {
        const lines = referenceLines(variant.text)
          .map((_, index) => index + 1)
          .filter((line) => isPicked(line))
        const single = lines.map((line) => ({ first: line, last: line }))
        const atoms = pickLines(region, variant, single)
        expect(pickLines(region, variant, single.toReversed())).toEqual(atoms)
        expect(pickLines(region, variant, joined(single))).toEqual(atoms)
        if (!Array.isArray(atoms)) throw new Error(atoms.message)
        const { path, base: entry } = region
        const decisions = atoms.map((atom) => ({
          kind: 'atom' as const,
          path,
          base: entry,
          atom,
          source: [],
        }))
        expect(exclusions(decisions)).toBeNull()
        if (lines.length === 0) expect(atoms).toEqual([])
      }
    }),
    1000,
  )
})

test('picks of one-to-one replacements are direct splices', () => {
  const pairs = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), {
    minLength: 1,
    maxLength: 12,
  })
  holds(
    fc.property(pairs, fc.nat(), fc.nat(), (made, from, size) => {
      const old = made.map(([text], index) => `${text}${index}\n`)
      const fresh = old.map((text, index) => (made[index]![1] ? `new ${text}` : text))
      const first = from % made.length
      const last = Math.min(made.length, first + (size % made.length) + 1)
      const world = mergeWorld({ file: old.join('') }, { one: { file: fresh.join('') }, all: { file: '' } })
      const [region] = world.regions()
      const decisions = chooseLines(region!, [{ variant: 'one', first: first + 1, last }], {
        read: world.read,
      })
      if (!made.some(([, changed]) => changed)) return
      if (!Array.isArray(decisions)) throw new Error(decisions.message)
      const expected = old
        .map((text, index) => (index >= first && index < last ? fresh[index] : text))
        .join('')
      expect(world.composed(decisions)['file']).toBe(expected)
    }),
  )
})

function variantsOf(base: string, one: string, two: string): [TextRegion, TextVariant][] {
  const regions = mergeWorld({ file: base }, { one: { file: one }, two: { file: two } }).regions()
  return regions.flatMap((region) =>
    region.kind === 'text'
      ? region.variants.map((variant): [TextRegion, TextVariant] => [region, variant])
      : [],
  )
}

function joined(ranges: readonly LineRange[]): LineRange[] {
  const result: LineRange[] = []
  for (const range of ranges) {
    const last = result.at(-1)
    if (last?.last !== range.first - 1) result.push(range)
    else result[result.length - 1] = { first: last.first, last: range.last }
  }
  return result
}

function picked(region: TextRegion, variant: TextVariant, first: number, last: number): string {
  const atoms = pickLines(region, variant, [{ first, last }])
  if (!Array.isArray(atoms)) throw new Error(atoms.message)
  const shift = ({ start, end, text }: Atom): Atom => ({
    start: start - region.start,
    end: end - region.start,
    text,
  })
  return splice(region.baseText, atoms.map(shift))
}
