import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { slidDown } from '../../../src/core/merge/slide.ts'
import { splice } from '../../../src/core/merge/splice.ts'
import { anyText } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { referenceDiff } from '../../support/reference-diff.ts'

const at = (start: number, end: number, text: string): { start: number; end: number; text: string } => ({
  start,
  end,
  text,
})

test('an insertion and a removal go down as far as the lines repeat', () => {
  expect(slidDown('a\n}\n\nb\n', [[at(1, 1, '}\n\nx\n')]])).toEqual([[at(3, 3, 'x\n}\n\n')]])
  expect(slidDown('a\na\na\nb\n', [[at(0, 1, '')]])).toEqual([[at(2, 3, '')]])
  expect(slidDown('a\nb\n', [[at(0, 1, 'a\n')]])).toEqual([[at(0, 1, 'a\n')]])
})

test('they stop before the next atom, whichever list it is in', () => {
  const next = at(1, 2, 'x\n')
  expect(slidDown('a\na\na\n', [[at(0, 0, 'a\n')], [next]])).toEqual([[at(1, 1, 'a\n')], [next]])
})

test('what is in two lists goes to one place', () => {
  const same = at(0, 0, 'a\n')
  const [before, after] = slidDown('a\na\nb\nc\n', [[same], [same, at(3, 4, '')]])
  expect(before).toEqual([at(2, 2, 'a\n')])
  expect(after?.[0]).toEqual(before?.[0])
})

test('atoms that have gone down make the same text', () => {
  holds(
    fc.property(anyText, anyText, (base, text) => {
      const [slid = []] = slidDown(base, [referenceDiff(base, text)])
      expect(splice(base, slid)).toBe(text)
    }),
    2000,
  )
})
