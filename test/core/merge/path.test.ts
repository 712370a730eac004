import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparePaths, directoriesOf, isWithin } from '../../../src/core/merge/path-order.ts'
import { showPath } from '../../../src/core/merge/path-name.ts'
import { bytesOfPath, pathOfBytes, pathOfWire, pathToWire } from '../../../src/core/merge/path.ts'
import { holds } from '../../support/property.ts'

const anyBytes = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString('latin1')),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc
    .array(
      fc.constantFrom(
        '\xc3',
        '\xa9',
        '\xf0',
        '\x9f',
        '\x98',
        '\x80',
        '\xed',
        '\xa0',
        '\xe2',
        '\xff',
        'a',
        '/',
      ),
    )
    .map((bytes) => bytes.join('')),
)

function check(bytes: string, path: string, wire: object): void {
  expect(pathOfBytes(bytes)).toBe(path)
  expect(bytesOfPath(path)).toBe(bytes)
  expect(pathToWire(path)).toEqual(wire)
}

test('a path is the text that its bytes spell', () => {
  check('src/a.ts', 'src/a.ts', { path: 'src/a.ts' })
  check('caf\xc3\xa9', 'café', { path: 'café' })
  check('\xf0\x9f\x98\x80', '😀', { path: '😀' })
})

test('a byte that is not UTF-8 is kept as a lone surrogate and as base64 on the wire', () => {
  check('caf\xe9', 'caf\udce9', { path: 'Y2Fm6Q==', pathEncoding: 'base64' })
  check('\xc0\xaf', '\udcc0\udcaf', { path: 'wK8=', pathEncoding: 'base64' })
  check('\xed\xa0\x80', '\udced\udca0\udc80', { path: '7aCA', pathEncoding: 'base64' })
  check('\xf4\x90\x80\x80', '\udcf4\udc90\udc80\udc80', { path: '9JCAgA==', pathEncoding: 'base64' })
})

test('escaped bytes that spell UTF-8 together are its text', () => {
  expect(pathToWire('\udcc3\udca9')).toEqual({ path: 'é' })
})

test('any bytes come back from a path and from the wire', () => {
  holds(
    fc.property(anyBytes, (bytes) => {
      const path = pathOfBytes(bytes)
      expect(bytesOfPath(path)).toBe(bytes)
      const wire = pathToWire(path)
      expect(wire.path.isWellFormed()).toBe(true)
      expect(pathOfWire(JSON.parse(JSON.stringify(wire)))).toBe(path)
    }),
    2000,
  )
})

test('bytes are text exactly where a strict decoder says so', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const strict = (bytes: string): string | null => {
    try {
      return decoder.decode(Buffer.from(bytes, 'latin1'))
    } catch {
      return null
    }
  }
  holds(
    fc.property(anyBytes, (bytes) => {
      const path = pathOfBytes(bytes)
      expect(path.isWellFormed() ? path : null).toBe(strict(bytes))
    }),
    2000,
  )
})

test('paths are ordered by their bytes', () => {
  holds(
    fc.property(anyBytes, anyBytes, (one, two) => {
      const expected = Buffer.compare(Buffer.from(one, 'latin1'), Buffer.from(two, 'latin1'))
      expect(Math.sign(comparePaths(pathOfBytes(one), pathOfBytes(two)))).toBe(expected)
    }),
    2000,
  )
})

test('what is no path is refused', () => {
  expect(() => bytesOfPath('\ud800')).toThrow('No bytes')
  expect(() => pathOfWire({ path: 'a*', pathEncoding: 'base64' })).toThrow('cannot be read')
  expect(() => pathOfWire({ path: '\udcff' })).toThrow('cannot be read')
})

test('a path lies within itself and its directories', () => {
  expect(directoriesOf('a/b/c')).toEqual(['a', 'a/b'])
  expect(directoriesOf('a')).toEqual([])
  expect([
    isWithin('a/b', 'a'),
    isWithin('a/b', 'a/'),
    isWithin('a', 'a'),
    isWithin('ab', 'a'),
    isWithin('a', 'a/b'),
  ]).toEqual([true, true, true, false, false])
})

test('a shown path holds no control characters', () => {
  expect(showPath('a\n\x1b[1m\x9b\udcff é😀')).toBe('a\\x0a\\x1b[1m\\x9b\\xff é😀')
})
