import { expect, test } from 'vitest'
import { KageError } from '../../../src/core/error.ts'
import type { Decided } from '../../../src/core/protocol/results.ts'
import { DecisionQueue } from '../../../src/nvim/review/decision-queue.ts'
import type { Change } from '../../../src/nvim/review/model.ts'

const nothing = { removed: [], kept: [], unkept: [] }
const change = (text: string): Change => {
  const base = { mode: '100644', oid: '' }
  return {
    ...nothing,
    added: [{ kind: 'atom', path: text, base, atom: { start: 0, end: 0, text }, source: [] }],
  }
}
const nameOf = ({ added }: Pick<Change, 'added'>): string => added[0]?.path ?? ''

/** A queue to a daemon that refuses some changes, with all that is heard of it. */
function queueOf(refuses: readonly string[] = []): { queue: DecisionQueue; heard: string[] } {
  const heard: string[] = []
  const queue = new DecisionQueue({
    tell: async (told) => {
      heard.push(`began ${nameOf(told)}`)
      await Promise.resolve()
      heard.push(`told ${nameOf(told)}`)
      if (refuses.includes(nameOf(told))) throw new KageError('KAGE_CHOICES_EXCLUDE', nameOf(told))
      return { pending: told, kept: [] } satisfies Decided
    },
    settled: ({ pending }) => heard.push(`settled ${nameOf(pending)}`),
    refused: (thrown) => heard.push(`refused ${thrown instanceof KageError ? thrown.message : 'oddly'}`),
  })
  return { queue, heard }
}

test('decisions are told one after the other, and settled once', async () => {
  const { queue, heard } = queueOf()
  for (const name of ['a', 'b', 'c']) queue.push(change(name))
  expect(queue.isIdle).toBe(false)
  await queue.whenIdle()
  expect(heard).toEqual(['began a', 'told a', 'began b', 'told b', 'began c', 'told c', 'settled c'])
})

test('what stands behind a refused decision is dropped, and the next one is told again', async () => {
  const { queue, heard } = queueOf(['b'])
  for (const name of ['a', 'b', 'c']) queue.push(change(name))
  await queue.whenIdle()
  expect(heard).toEqual(['began a', 'told a', 'began b', 'told b', 'refused b'])
  queue.push(change('d'))
  await queue.whenIdle()
  expect(heard.slice(5)).toEqual(['began d', 'told d', 'settled d'])
})

test('nothing is waited for where nothing is under way', async () => {
  await queueOf().queue.whenIdle()
})
