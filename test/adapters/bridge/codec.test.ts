import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeValue, encodeValue } from '../../../src/adapters/bridge/codec.ts'
import { holds } from '../../support/property.ts'

const round = (value: unknown): unknown => decodeValue(encodeValue(value))

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'grapheme', minLength: 30, maxLength: 700 }),
    fc.uint8Array({ maxLength: 600 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 20 }),
  ),
})).value

test('every plain value comes back equal', () => {
  holds(
    fc.property(plain, (value) => {
      expect(round(value)).toEqual(value)
    }),
    1500,
  )
})

test('bytes that are not UTF-8 come back in a string, and are the same bytes on the wire', () => {
  holds(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const token = Buffer.concat([Buffer.of(0xda, bytes.length >> 8, bytes.length & 0xff), bytes])
      const text = decodeValue(token)
      const again = encodeValue(text)
      expect(again.subarray(again.length - bytes.length)).toEqual(Buffer.from(bytes))
      expect(decodeValue(again)).toBe(text)
    }),
    2000,
  )
  expect(decodeValue(Buffer.from([0xa2, 0x61, 0xff]))).toBe('a\udcff')
})

test('a lone surrogate that stands for no byte becomes the replacement character', () => {
  expect(round(`x\ud800y\udc00`)).toBe('x\ufffdy\ufffd')
  expect(round('😀\ud83d')).toBe('😀\ufffd')
  expect(round(`${'é'.repeat(200)}\udc80`)).toBe(`${'é'.repeat(200)}\udc80`)
})

test('a key named __proto__ is only a key', () => {
  const hostile = JSON.parse(
    '{"__proto__": {"polluted": true}, "constructor": {"name": "toString"}, "_isUint64BE": true}',
  ) as object
  const back = round(hostile) as Record<string, unknown>
  expect(Object.keys(back)).toEqual(['__proto__', 'constructor', '_isUint64BE'])
  expect(back['polluted']).toBeUndefined()
  expect(Object.getPrototypeOf(back)).toBeNull()
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('undefined entries are left out', () => {
  expect(Object.keys(round({ a: undefined, b: 1 }) as object)).toEqual(['b'])
})

test('bytes come back as bytes that stand alone', () => {
  const back = round(Buffer.from('abc')) as Uint8Array
  expect(back.constructor).toBe(Uint8Array)
  expect([...back]).toEqual([97, 98, 99])
})

test('what is not plain data cannot be sent', () => {
  for (const value of [
    1n,
    Symbol('x'),
    () => 1,
    new Date(0),
    new Set(),
    new Error('x'),
    [new Map([[1, 2]])],
  ]) {
    expect(() => encodeValue(value)).toThrow('cannot be sent')
  }
})

test('a value nested too deep or in itself cannot be sent', () => {
  const circle: unknown[] = []
  circle.push(circle)
  expect(() => encodeValue(circle)).toThrow('nested too deep')
  expect(round([1])).toEqual([1])
})
