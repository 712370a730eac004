import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cells, cut, fitted, printable } from '../../src/nvim/text.ts'
import { holds } from '../support/property.ts'

test('a text is fitted to exactly so many cells, wide letters and marks included', () => {
  expect(fitted('abc', 5)).toBe('abc  ')
  expect(fitted('abcdef', 5)).toBe('abcd…')
  expect(fitted('影影影', 5)).toBe('影影…')
  expect(fitted('影影影', 4)).toBe('影… ')
  expect(cells('e\u0301')).toBe(1)
  expect(cut('abc', 0)).toBe('')
})

test('a fitted text has the cells it should, whatever it holds', () => {
  holds(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
      expect(cells(fitted(printable(text), width))).toBe(width)
    }),
  )
})

test('what would move the cursor or turn the writing is replaced', () => {
  expect(printable('a\u001b[31mb\nc\u202ed\u2028')).toBe('a�[31mb�c�d�')
})
