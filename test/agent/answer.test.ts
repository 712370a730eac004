import { expect, test } from 'vitest'
import type { Answer } from '../../src/adapters/provider/provider.ts'
import { keepable, tokensOf } from '../../src/agent/answer.ts'
import { limit } from '../../src/core/limit.ts'

const usage = { inputTokens: 1, cachedTokens: 0, outputTokens: 1, estimated: false }
const plain: Answer = { text: 'a', calls: [], ended: 'done', usage, costUsd: null }

test('ids that are empty or taken are made new', () => {
  const use = { name: 'run', input: {}, received: '{}' }
  const before = keepable({ ...plain, calls: [{ ...use, id: 'a' }] }, [])
  const messages = [{ role: 'assistant' as const, text: '', calls: before.calls }]
  const ids = keepable({ ...plain, calls: ['a', '', 'b', 'b'].map((id) => ({ ...use, id })) }, messages).calls
  expect(new Set(['a', ...ids.map(({ id }) => id)]).size).toBe(5)
  expect(ids[2]?.id).toBe('b')
})

test('input that is too large or too deep is no input', () => {
  let deep: unknown = 1
  for (let level = 0; level < 100_000; level++) deep = [deep]
  const use = { id: '1', name: 'x'.repeat(1000), received: '{}' }
  const calls = [
    { ...use, input: { deep } },
    { ...use, input: {}, received: 'x'.repeat(limit.callCharacters + 1) },
    { ...use, input: { fine: [[1]] } },
  ]
  const kept = keepable({ ...plain, calls }, []).calls
  expect(kept.map(({ input }) => input)).toEqual([null, null, { fine: [[1]] }])
  expect(kept.every(({ name, received }) => name.length === 100 && received.length < 1100)).toBe(true)
})

test('numbers that cannot be are no numbers, and what came counts at least', () => {
  const odd = { inputTokens: -5, cachedTokens: Number.NaN, outputTokens: 1e300, estimated: false }
  expect(keepable({ ...plain, usage: odd }, []).usage).toEqual({
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 1e9,
    estimated: true,
  })
  expect(tokensOf({ ...plain, text: 'x'.repeat(3500) })).toBe(1000)
  expect(tokensOf({ ...plain, usage: { ...usage, inputTokens: 5000 } })).toBe(5001)
})
