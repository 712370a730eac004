import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cells, cut, fitted, folded, printable } from '../../src/nvim/text.ts'
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

test('a folded text is parted between words, its lines have room, and where there is enough of it nothing is lost', () => {
  expect(folded('one two three', 7, 3)).toEqual(['one two', 'three'])
  expect(folded('one two three four', 8, 2)).toEqual(['one two', 'three f…'])
  expect(folded('', 8, 2)).toEqual([])
  const words = fc.array(fc.stringMatching(/^[a-z影…]{1,9}$/), { minLength: 1, maxLength: 20 })
  holds(
    fc.property(words, fc.integer({ min: 20, max: 40 }), (some, width) => {
      const lines = folded(some.join(' '), width, 99)
      expect(lines.join(' ')).toBe(some.join(' '))
      expect(lines.every((line) => cells(line) <= width)).toBe(true)
    }),
  )
})

test('what would move the cursor or turn the writing is replaced', () => {
  expect(printable('a\u001b[31mb\nc\u202ed\u2028')).toBe('a�[31mb�c⟨U+202E⟩d⟨U+2028⟩')
})
