import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inputOf } from '../../../src/adapters/provider/arguments.ts'
import { holds } from '../../support/property.ts'

test.each([
  ['', {}],
  [' \n', {}],
  ['{}', {}],
  ['{"a": "x\ny\tz\\n"}', { a: 'x\ny\tz\n' }],
  ['{"a": "a quote \\" and\u0001"}', { a: 'a quote " and\u0001' }],
  ['{\n"a":\t1}', { a: 1 }],
  ['{"a": "x', null],
  ['{"a": 1,}', null],
  ["{'a': 1}", null],
  ['{"a": 1} and more', null],
  ['```json\n{"a": 1}\n```', null],
  ['[1]', null],
  ['null', null],
  ['"{}"', null],
])('the arguments %j are the input %j', (received, input) => {
  expect(inputOf(received)).toEqual(input)
})

test('text with raw control characters is the text that was meant', () => {
  holds(
    fc.property(
      fc.dictionary(fc.string(), fc.string({ unit: 'binary-ascii' }), { noNullPrototype: true }),
      (input) => {
        const raw = JSON.stringify(input).replaceAll('\\n', '\n').replaceAll('\\t', '\t')
        fc.pre(!JSON.stringify(input).includes('\\\\'))
        expect(inputOf(raw)).toEqual(input)
      },
    ),
  )
})

test('long and deep text that is no JSON takes no time worth telling', () => {
  expect(inputOf(`{"text": "${'line \\"quoted\\"\n'.repeat(40_000)}`)).toBe(null)
  expect(inputOf('['.repeat(400_000))).toBe(null)
  expect(inputOf(`{"a":${'['.repeat(200_000)}`)).toBe(null)
})
