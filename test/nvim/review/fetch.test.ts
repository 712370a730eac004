import { expect, test } from 'vitest'
import { KageError } from '../../../src/core/error.ts'
import { limit } from '../../../src/core/limit.ts'
import type { PersonParams } from '../../../src/core/protocol/params.ts'
import { fetchTexts } from '../../../src/nvim/review/fetch.ts'

/** A session that has texts of ten bytes, answers with so many bytes at most, and counts its questions. */
function sessionOf(bytesMost: number): { ask: never; asked: number[] } {
  const asked: number[] = []
  const ask = async (_: 'texts', { blobs }: PersonParams['texts']): Promise<unknown> => {
    asked.push(blobs.length)
    if (blobs.length > limit.textsPerAsking) throw new KageError('KAGE_USAGE', 'too many')
    if (blobs.length * 10 > bytesMost) throw new KageError('KAGE_LIMIT', 'too large')
    return { texts: blobs.map((blob) => ({ blob, bytes: Buffer.from(blob.padEnd(10)) })) }
  }
  return { ask: ask as never, asked }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index}`)

test('more texts than one question may name are asked for in several', async () => {
  const session = sessionOf(1_000_000)
  const texts = await fetchTexts(session, { repo: null, id: 'r1' }, names(500))
  expect([...texts.keys()].toSorted()).toEqual(names(500).toSorted())
  expect(texts.get('n499')).toBe('n499      ')
  expect(Math.max(...session.asked)).toBeLessThanOrEqual(limit.textsPerAsking)
})

test('texts that are too large together are asked for apart, and one too large alone is none', async () => {
  expect((await fetchTexts(sessionOf(35), { repo: null, id: 'r1' }, names(10))).size).toBe(10)
  const none = await fetchTexts(sessionOf(5), { repo: null, id: 'r1' }, names(3))
  expect([...none.values()]).toEqual([null, null, null])
})
