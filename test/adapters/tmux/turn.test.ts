import { expect, test } from 'vitest'
import { createTurns } from '../../../src/adapters/tmux/turn.ts'

test('work of one key keeps its order and a failure stops nothing', async () => {
  const inTurn = createTurns()
  const done: string[] = []
  const slow = Promise.withResolvers<void>()
  const first = inTurn('a', () => slow.promise.then(() => void done.push('first')))
  const failed = inTurn('a', () => Promise.reject(new Error('no')))
  const last = inTurn('a', async () => void done.push('last'))
  await inTurn('b', async () => void done.push('other'))
  slow.resolve()
  await expect(failed).rejects.toThrow('no')
  await Promise.all([first, last])
  expect(done).toEqual(['other', 'first', 'last'])
})
