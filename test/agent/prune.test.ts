import { array, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import type { ChatMessage } from '../../src/adapters/provider/provider.ts'
import { charactersOf, pruned } from '../../src/agent/prune.ts'
import { holds } from '../support/property.ts'

test('old output goes, recent output and everything said stays', () => {
  const messages = [
    said('task'.repeat(1000)),
    ...called('1', 7000),
    ...called('2', 7000),
    ...called('3', 700),
  ]
  const result = pruned(messages, 2300)
  expect(result.map(({ text }) => text.length < 200 && text.includes('left out'))).toEqual([
    false,
    false,
    true,
    false,
    false,
    false,
    false,
  ])
  expect(result[2]?.text).toBe('(7000 characters of old output were left out)')
})

test('where there is nothing to leave out the conversation is the same', () => {
  const messages = [said('x'.repeat(100_000)), ...called('1', 100)]
  expect(pruned(messages, 10)).toBe(messages)
  expect(pruned([...messages, ...called('2', 5000)], 5000)).toHaveLength(5)
})

test('no message goes, each call keeps its result, and what is recent stays whole', () => {
  holds(
    property(array(nat({ max: 3000 }), { maxLength: 20 }), nat({ max: 3000 }), (sizes, tokens) => {
      const messages = sizes.flatMap((size, index) => called(`${index}`, size))
      const result = pruned(messages, tokens)
      expect(result.map(({ role }) => role)).toEqual(messages.map(({ role }) => role))
      let room = tokens * 3.5
      for (let at = messages.length - 1; at >= 0; at--) {
        room -= Math.ceil(charactersOf(messages[at]!) / 3.5) * 3.5
        if (room < 0) break
        expect(result[at]).toBe(messages[at])
      }
    }),
  )
})

function said(text: string): ChatMessage {
  return { role: 'user', text }
}

function called(id: string, characters: number): ChatMessage[] {
  return [
    { role: 'assistant', text: '', calls: [{ id, name: 'run', input: {}, received: '{}' }] },
    { role: 'tool', call: id, text: 'o'.repeat(characters), failed: false },
  ]
}
