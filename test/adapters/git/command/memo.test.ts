import { expect, test } from 'vitest'
import { createMemo } from '../../../../src/adapters/git/command/memo.ts'

test('the same key is worked out once, and the one not asked for the longest is forgotten', async () => {
  const memo = createMemo<string>(2)
  const asked: string[] = []
  const ask = (key: string): Promise<string> =>
    memo(key, () => {
      asked.push(key)
      return Promise.resolve(key)
    })
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(await ask(key)).toBe(key)
  expect(asked).toEqual(['a', 'b', 'c', 'b'])
})

test('a failure is not remembered', async () => {
  const memo = createMemo<string>(2)
  await expect(memo('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await memo('a', () => Promise.resolve('whole'))).toBe('whole')
})
