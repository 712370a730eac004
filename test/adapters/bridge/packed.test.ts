import { expect, test } from 'vitest'
import { decodeValue, encodeValue } from '../../../src/adapters/bridge/codec.ts'
import { packed, unpacked } from '../../../src/adapters/bridge/packed.ts'
import type { Packed } from '../../../src/core/protocol/results.ts'

test('packed data comes out as it went in, bytes in strings included', () => {
  const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')
  const value = { path: 'a\udcff/\u{1f600}\ud83d', text: all, list: [1, null, true, { ['__proto__']: 'x' }] }
  const wire = decodeValue(encodeValue({ result: packed(value) })) as { result: Packed<typeof value> }
  expect(unpacked(wire.result)).toEqual(value)
})
