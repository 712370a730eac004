import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64, encodeBase64 } from '../../../src/core/merge/base64.ts'
import { textOfWire, textToWire } from '../../../src/core/merge/wire.ts'
import { anyText } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'

function check(bytes: string, text: string, encoding: string): void {
  expect(textToWire(bytes)).toEqual({ text, encoding })
  expect(textOfWire(textToWire(bytes))).toBe(bytes)
}

test('text is itself, other bytes are base64', () => {
  check('', '', 'utf-8')
  check('a\r\n\0', 'a\r\n\0', 'utf-8')
  check('caf\xc3\xa9\n', 'café\n', 'utf-8')
  check('\xef\xbb\xbfa', '\ufeffa', 'utf-8')
  check('caf\xe9', 'Y2Fm6Q==', 'base64')
})

test('any content comes back from the wire', () => {
  const bytes = fc.uint8Array().map((list) => Buffer.from(list).toString('latin1'))
  holds(
    fc.property(fc.oneof(bytes, anyText), (content) => {
      expect(textOfWire(JSON.parse(JSON.stringify(textToWire(content))))).toBe(content)
      expect(encodeBase64(content)).toBe(Buffer.from(content, 'latin1').toString('base64'))
      expect(decodeBase64(encodeBase64(content))).toBe(content)
    }),
    1000,
  )
})

test('what cannot be read is refused', () => {
  for (const text of ['a', 'a===', '=', 'ab=c', 'abc', 'ab c', 'abcd\n']) {
    expect(() => textOfWire({ text, encoding: 'base64' })).toThrow('not base64')
  }
  expect(() => textOfWire({ text: '\ud800', encoding: 'utf-8' })).toThrow('not utf-8')
})
