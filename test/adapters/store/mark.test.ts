import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MarkFile, readMark } from '../../../src/adapters/store/mark.ts'
import { isBehind } from '../../../src/core/reverted.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { opened } from './open.ts'
import { sampleBatch } from './sample.ts'

test('the mark is where the store is, with the numbers that were given out', async () => {
  const mark = join(temporaryDirectory(), 'mark')
  const store = await opened(temporaryDirectory(), { mark })
  for (let seq = 1; seq <= 30; seq += 1)
    await store.append({ ...sampleBatch(seq), numbers: { run: seq, undo: 2 } })
  expect(readMark(mark)).toEqual({ seq: 30, chain: store.linkAt(30), run: 30, undo: 2 })
  expect(statSync(mark)).toMatchObject({ size: 256 })
  expect(statSync(mark).mode & 0o777).toBe(0o600)
})

test('a mark never goes back, and one that is not whole is none', () => {
  const path = join(temporaryDirectory(), 'mark')
  const file = new MarkFile(path)
  file.move({ seq: 7, chain: 'c', run: 3, undo: 1 })
  file.move({ seq: 6, chain: 'b', run: 9, undo: 9 })
  file.move({ seq: 8, chain: 'd', run: 2, undo: 4 })
  file.close()
  expect(readMark(path)).toEqual({ seq: 8, chain: 'd', run: 3, undo: 4 })
  const bytes = readFileSync(path)
  for (let at = 0; at < bytes.length; at += 1) {
    const damaged = Buffer.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    writeFileSync(path, damaged)
    expect(readMark(path)?.seq ?? 8).toBe(8)
  }
})

test('a mark that cannot be written stops nobody', async () => {
  const store = await opened(temporaryDirectory(), { mark: '/nonexistent/mark' })
  await store.append(sampleBatch(1))
  expect(store.lastSeq()).toBe(1)
})

test('a store is behind its mark when it ends before it, or holds another event there', () => {
  const mark = { seq: 7, chain: 'c' }
  expect(isBehind(mark, { seq: 7, linkAtMark: 'c' })).toBe(false)
  expect(isBehind(mark, { seq: 90, linkAtMark: 'c' })).toBe(false)
  expect(isBehind(mark, { seq: 6, linkAtMark: null })).toBe(true)
  expect(isBehind(mark, { seq: 90, linkAtMark: 'd' })).toBe(true)
  expect(isBehind({ seq: 0, chain: '' }, { seq: 0, linkAtMark: null })).toBe(false)
})
