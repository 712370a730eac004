import { array, boolean, constantFrom, nat, property, string, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { type Edit, replaced } from '../../../src/agent/tool/replace.ts'
import { holds } from '../../support/property.ts'

const text = array(constantFrom('a', 'b', ' ', '\n', 'ä', '😀', '$&'), { maxLength: 60 }).map((parts) =>
  parts.join(''),
)

test('edits do what replacing a text that stands once does, and keep line ends and byte order mark', () => {
  holds(
    property(
      text,
      nat(),
      nat({ max: 12 }),
      string(),
      boolean(),
      boolean(),
      (plain, at, size, fresh, crlf, bom) => {
        const from = at % (plain.length + 1)
        const old = plain.slice(from, from + size)
        const next = fresh.replaceAll('\r', '')
        const file = shaped(plain, crlf, bom)
        const isOnce =
          old !== '' && plain.split(old).length === 2 && plain.indexOf(old, plain.indexOf(old) + 1) < 0
        const isBent = crlf && !plain.includes('\n')
        if (!isOnce) expect(() => replaced('f', file, [{ old, new: next }])).toThrow()
        else if (!isBent)
          expect(replaced('f', file, [{ old, new: next }])).toBe(
            shaped(
              plain.replace(old, () => next),
              crlf,
              bom,
            ),
          )
      },
    ),
    2000,
  )
})

test('several edits follow each other, and one that misses leaves everything', () => {
  const edits = tuple(constantFrom('a', 'b', 'ab', 'x'), constantFrom('b', 'x', 'yy', '')).map(
    ([old, fresh]) => ({
      old,
      new: fresh,
    }),
  )
  holds(
    property(text, array(edits, { minLength: 1, maxLength: 4 }), (plain, list) => {
      const expected = oneByOne(plain, list)
      if (expected === null) expect(() => replaced('f', plain, list)).toThrow(/nothing was changed/i)
      else expect(replaced('f', plain, list)).toBe(expected)
    }),
  )
})

test('a file of CRLF can be edited with either line end, a mixed one only exactly', () => {
  expect(replaced('f', 'a\r\nb\r\n', [{ old: 'a\nb', new: 'x\ny' }])).toBe('x\r\ny\r\n')
  expect(replaced('f', 'a\r\nb\r\n', [{ old: 'a\r\nb', new: 'x\r\ny' }])).toBe('x\r\ny\r\n')
  expect(() => replaced('f', 'a\r\nb\n', [{ old: 'a\nb', new: 'x' }])).toThrow('does not stand')
  expect(replaced('f', 'a\r\nb\n', [{ old: 'a\r\nb', new: 'x' }])).toBe('x\n')
})

test('a miss shows the nearest lines, an ambiguity where they are', () => {
  const file = 'one\ntwo\n  return parse(input)\nfour\nfive\n'
  expect(() => replaced('f.ts', file, [{ old: 'return parse( input )', new: '' }])).toThrow(
    '`old` does not stand in f.ts exactly like this; nothing was changed. The nearest lines:\n1\tone\n2\ttwo\n3\t  return parse(input)\n4\tfour',
  )
  expect(() => replaced('f.ts', 'x\ny\nx\n', [{ old: 'x', new: '' }])).toThrow('at lines 1, 3')
  expect(() => replaced('f.ts', 'aaa', [{ old: 'aa', new: '' }])).toThrow('more than once')
})

function shaped(plain: string, crlf: boolean, bom: boolean): string {
  return (bom ? '\ufeff' : '') + (crlf ? plain.replaceAll('\n', '\r\n') : plain)
}

function oneByOne(plain: string, edits: readonly Edit[]): string | null {
  let now = plain
  for (const { old, new: fresh } of edits) {
    if (now.split(old).length !== 2 || now.indexOf(old, now.indexOf(old) + 1) >= 0) return null
    now = now.replace(old, () => fresh)
  }
  return now
}
