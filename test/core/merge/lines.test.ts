import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTexts, lineTable, sliceLines, splitLines } from '../../../src/core/merge/lines.ts'
import { anyText } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { referenceLines } from '../../support/reference-diff.ts'

function check(text: string, lines: readonly string[]): void {
  expect(splitLines(text)).toEqual(lines)
}

test('a line keeps its own end', () => {
  check('', [])
  check('\n', ['\n'])
  check('a', ['a'])
  check('a\nb', ['a\n', 'b'])
  check('a\r\nb\r\n', ['a\r\n', 'b\r\n'])
  check('a\rb\n\n', ['a\rb\n', '\n'])
})

test('lines joined are the text', () => {
  holds(
    fc.property(anyText, fc.nat(14), fc.nat(14), (text, from, to) => {
      const lines = referenceLines(text)
      expect(splitLines(text)).toEqual(lines)
      expect(joinTexts(lines)).toBe(text)
      const [start, end] = [Math.min(from, to, lines.length), Math.min(Math.max(from, to), lines.length)]
      expect(sliceLines(lineTable(text), start, end)).toBe(lines.slice(start, end).join(''))
    }),
  )
})

test('a missing line end is added only before a further line, as the others have it', () => {
  expect(joinTexts(['a', 'b'])).toBe('a\nb')
  expect(joinTexts(['a', '', 'b'])).toBe('a\nb')
  expect(joinTexts(['a', ''])).toBe('a')
  expect(joinTexts(['a\r\nb', 'c'])).toBe('a\r\nb\r\nc')
  expect(joinTexts(['a', 'b\r\n'])).toBe('a\r\nb\r\n')
})
