import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeValue, encodeValue } from '../../../src/adapters/bridge/codec.ts'
import { checkWhole, createFrames } from '../../../src/adapters/bridge/frame.ts'
import { KageError } from '../../../src/core/error.ts'
import { limit } from '../../../src/core/limit.ts'
import { holds } from '../../support/property.ts'
import { processorMs } from '../../support/processor-time.ts'

const megabytes = 2 ** 20

/** What comes out of frames that were fed these chunks. */
function read(chunks: readonly Uint8Array[], bytesMax = megabytes): unknown[] {
  const frames = createFrames(bytesMax)
  const values: unknown[] = []
  for (const chunk of chunks) frames.push(chunk, (message) => values.push(decodeValue(message)))
  return values
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

const message = fc.tuple(
  fc.nat(2),
  fc.nat(),
  fc.string({ unit: 'grapheme' }),
  fc.jsonValue({ maxDepth: 4 }),
  fc.uint8Array({ maxLength: 300 }),
)

test('random messages in random chunks come out whole and in order', () => {
  holds(
    fc.property(
      fc.array(message, { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (messages, places) => {
        const wire = messages.map(([...parts]) => parts.map((part) => (Object.is(part, -0) ? 0 : part)))
        const bytes = Buffer.concat(wire.map(encodeValue))
        expect(read(cut(bytes, places))).toEqual(wire.map((value) => decodeValue(encodeValue(value))))
      },
    ),
    800,
  )
})

test('a message comes out the same one byte at a time', () => {
  const value = [
    0,
    7,
    'ls',
    [{ text: 'é'.repeat(3000), list: [1, -1, 300, 70_000, 1.5, null, true], bytes: Buffer.alloc(300) }],
  ]
  const bytes = encodeValue(value)
  const single = Array.from(bytes, (byte) => Uint8Array.of(byte))
  expect(read([...single, ...single])).toEqual([decodeValue(bytes), decodeValue(bytes)])
})

test('2.5 MB in chunks of 1 KB take no longer than linear time', async () => {
  const bytes = encodeValue([
    1,
    1,
    null,
    Array.from({ length: 40_000 }, (_, index) => ({ index, text: 'x'.repeat(50) })),
  ])
  expect(bytes.length).toBeGreaterThan(2_500_000)
  const chunks = Array.from({ length: Math.ceil(bytes.length / 1024) }, (_, index) =>
    bytes.subarray(index * 1024, index * 1024 + 1024),
  )
  const frames = createFrames(4 * megabytes, Infinity)
  let found: unknown
  const read = (): void => {
    for (const chunk of chunks) frames.push(chunk, (whole) => void (found = decodeValue(whole)))
  }
  expect(await processorMs(read)).toBeLessThan(5000)
  expect(found).toEqual(decodeValue(bytes))
})

test('mutated bytes give values or KAGE_FRAME, never a crash', () => {
  holds(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      (messages, flips, place) => {
        const bytes = Buffer.concat(messages.map((value) => encodeValue([...value])))
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte
        try {
          read(cut(bytes, [place]))
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(KageError)
          expect((thrown as KageError).code).toBe('KAGE_FRAME')
        }
      },
    ),
    3000,
  )
})

test('random bytes come out the same in any chunking', () => {
  const outcome = (chunks: readonly Uint8Array[]): unknown => {
    const values: unknown[] = []
    const frames = createFrames(4096)
    try {
      for (const chunk of chunks)
        frames.push(chunk, (whole) => values.push(Buffer.from(whole).toString('hex')))
      return values
    } catch {
      return [...values, 'fault']
    }
  }
  holds(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 12 }), (bytes, places) => {
      expect(outcome(cut(Buffer.from(bytes), places))).toEqual(outcome([bytes]))
    }),
    3000,
  )
})

test('a length beyond the cap is refused at its head, before any of it is held', () => {
  for (const head of ['dbffffffff', 'c6ffffffff', 'ddffffffff', 'dfffffffff', 'db00100000']) {
    expect(() => read([Buffer.from(head, 'hex')])).toThrow('more than 1048576 bytes')
  }
})

test('many small values are refused by their number', () => {
  const many = Buffer.concat([Buffer.from('dd00010001', 'hex'), Buffer.alloc(0x10001, 0xc0)])
  expect(() => read([many])).toThrow(`more than ${limit.frameValues} values`)
})

test('nesting is allowed to the limit and refused beyond it', () => {
  const nested = (levels: number): Buffer => Buffer.concat([Buffer.alloc(levels, 0x91), Buffer.of(0xc0)])
  expect(read([nested(limit.frameDepth)])).toHaveLength(1)
  expect(() => read([nested(limit.frameDepth + 1)])).toThrow('levels')
  expect(() => read([Buffer.alloc(1_000_000, 0x91)])).toThrow('levels')
  expect(() => read([Buffer.alloc(1_000_000, 0x81)])).toThrow(KageError)
})

test('extension types, foreign keys and integers beyond 53 bits are refused', () => {
  for (const hex of ['d40100', 'c7010100', 'c90000000101', 'd80100000000000000000000000000000000', 'c1']) {
    expect(() => read([Buffer.from(hex, 'hex')])).toThrow('type that is not used')
  }
  for (const hex of ['8101c0', '81c0c0', '8180c0', '82a161c0c2c0'])
    expect(() => read([Buffer.from(hex, 'hex')])).toThrow('a key that is not a string')
  for (const hex of ['cf0020000000000000', 'd37fffffffffffffff', 'd38000000000000000'])
    expect(() => read([Buffer.from(hex, 'hex')])).toThrow('53 bits')
  expect(read([Buffer.from('cf001fffffffffffff', 'hex')])).toEqual([Number.MAX_SAFE_INTEGER])
  expect(read([Buffer.from('d3ffe0000000000001', 'hex')])).toEqual([-Number.MAX_SAFE_INTEGER])
})

test('the cap can be raised between two messages', () => {
  const frames = createFrames(100)
  const large = encodeValue('x'.repeat(200))
  frames.allow(300)
  let count = 0
  frames.push(large, () => count++)
  expect(count).toBe(1)
  frames.allow(100)
  expect(() => frames.push(large, () => count++)).toThrow('more than 100 bytes')
})

test('a piece that is no whole value is refused', () => {
  expect(() => checkWhole(encodeValue([1, 2]).subarray(0, 2), 10)).toThrow(KageError)
  expect(() => checkWhole(Buffer.concat([encodeValue(1), encodeValue(1)]), 10)).toThrow('not one whole value')
})
