import { array, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { cut, gist, makeCutting } from '../../src/agent/cut.ts'
import { holds } from '../support/property.ts'

test('what fits is whole, of the rest there are head, count and tail, however it came', () => {
  holds(
    property(array(string({ maxLength: 30 }), { maxLength: 20 }), (pieces) => {
      const cutting = makeCutting(40)
      for (const piece of pieces) cutting.add(piece)
      const whole = pieces.join('')
      const expected =
        whole.length <= 40
          ? whole
          : `${whole.slice(0, 20)}\n… ${whole.length - 40} characters left out …\n${whole.slice(-20)}`
      expect(cutting.text()).toBe(expected)
    }),
  )
})

test('a cut never leaves half a letter', () => {
  const cutting = makeCutting(6)
  cutting.add('ab😀😀😀cd')
  expect(cutting.text().isWellFormed()).toBe(true)
  expect(cut('ab😀', 4)).toBe('ab😀')
  expect(cut('ab😀c', 4).isWellFormed()).toBe(true)
})

test('a gist is the first line that says something', () => {
  expect(gist('\n\n  one\ntwo\n\nthree\n', 20)).toBe('one (+2 lines)')
  expect(gist('', 20)).toBe('')
  expect(gist('a long line', 6)).toBe('a lon…')
})
