import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordDiff } from '../../../src/nvim/review/word-diff.ts'
import { holds } from '../../support/property.ts'

const anyLine = fc.oneof(
  fc
    .array(fc.constantFrom('a', 'foo', ' ', '  ', '.', '(', 'é', '\t', '💥', '\udcff'), { maxLength: 12 })
    .map((words) => words.join('')),
  fc.string({ unit: 'binary' }),
)

test('the pieces of a line are the line, and what is unchanged is the same on both sides', () => {
  holds(
    fc.property(anyLine, anyLine, (old, fresh) => {
      const pieces = wordDiff(old, fresh)
      expect(pieces.old.map(({ text }) => text).join('')).toBe(old)
      expect(pieces.fresh.map(({ text }) => text).join('')).toBe(fresh)
      expect(unchanged(pieces.old)).toBe(unchanged(pieces.fresh))
      if (old === fresh) expect(pieces.old.some(({ changed }) => changed)).toBe(false)
    }),
  )
})

test('only the words that differ are marked', () => {
  expect(wordDiff('const a = b;', 'const a = call(b);').fresh).toEqual([
    { text: 'const a = ', changed: false },
    { text: 'call(', changed: true },
    { text: 'b', changed: false },
    { text: ')', changed: true },
    { text: ';', changed: false },
  ])
})

test('lines of very many words are compared only at their ends', () => {
  const [old, fresh] = ['x '.repeat(3000), 'y '.repeat(3000)]
  expect(wordDiff(`a ${old}z`, `a ${fresh}z`).old.map(({ changed }) => changed)).toEqual([false, true, false])
})

function unchanged(pieces: readonly { readonly text: string; readonly changed: boolean }[]): string {
  return pieces
    .filter(({ changed }) => !changed)
    .map(({ text }) => text)
    .join('')
}
