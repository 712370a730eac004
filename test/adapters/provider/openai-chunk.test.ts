import { expect, test } from 'vitest'
import { answerOf, emptyDraft } from '../../../src/adapters/provider/draft.ts'
import { openAiEcho, takeChunk } from '../../../src/adapters/provider/openai-chunk.ts'
import type { Answer } from '../../../src/adapters/provider/provider.ts'
import { question } from '../../support/provider.ts'

test('fragments of several calls are put together by their index', () => {
  const { calls } = answered([
    { tool_calls: [{ index: 1, id: 'b', function: { name: 'second', arguments: '{"b"' } }] },
    { tool_calls: [{ index: 0, id: 'a', function: { name: 'first', arguments: '{"a"' } }] },
    {
      tool_calls: [
        { index: 1, function: { arguments: ':2}' } },
        { index: 0, function: { arguments: ':1}' } },
      ],
    },
  ])
  expect(calls.map(({ id, name, input }) => [id, name, input])).toEqual([
    ['a', 'first', { a: 1 }],
    ['b', 'second', { b: 2 }],
  ])
})

test('calls without an index, or with arguments as an object, are taken', () => {
  const { calls } = answered([
    { tool_calls: [{ id: 'a', function: { name: 'first', arguments: { a: 1 } } }] },
  ])
  expect(calls).toEqual([{ id: 'a', name: 'first', input: { a: 1 }, received: '{"a":1}' }])
})

test('calls without an id, or with the same one twice, get one of their own', () => {
  const { calls } = answered([
    { tool_calls: [{ index: 0, id: 'a', function: { name: 'one' } }] },
    { tool_calls: [{ index: 1, id: 'a', function: { name: 'two' } }] },
    { tool_calls: [{ index: 2, function: { name: 'three' } }] },
  ])
  expect(calls[0]?.id).toBe('a')
  expect(new Set(calls.map(({ id }) => id)).size).toBe(3)
  expect(calls.slice(1).every(({ id }) => /^call_[0-9a-f]{16}$/.test(id))).toBe(true)
})

test('the reasoning is no text, and goes back under its own name', () => {
  const answer = answered([
    { reasoning_content: 'Let me ' },
    { reasoning_content: 'see.' },
    { content: 'Yes.' },
  ])
  expect(answer.text).toBe('Yes.')
  expect(answer.echo).toEqual({ provider: 'x', value: { reasoning_content: 'Let me see.' } })
})

test('reasoning in another field goes back in that one', () => {
  const { echo } = answered([{ reasoning: 'Let me ' }, { reasoning: 'see.' }])
  expect(echo?.value).toEqual({ reasoning: 'Let me see.' })
})

test('content as a list of parts is their text', () => {
  const content = [{ type: 'text', text: 'One ' }, { type: 'text', text: 'two.' }, null, { type: 'image' }]
  expect(answered([{ content }]).text).toBe('One two.')
})

test('calls make an answer one of tools, whatever the endpoint calls its end', () => {
  const call = { tool_calls: [{ index: 0, id: 'a', function: { name: 'one', arguments: '{}' } }] }
  expect(answered([call], 'stop').ended).toBe('tools')
  expect(answered([call], 'eos').ended).toBe('tools')
  expect(answered([{ content: 'No more.' }], 'tool_calls').ended).toBe('done')
  expect(answered([{ content: 'No more.' }], 'constructor').ended).toBe('done')
})

test('a refusal is text that ends as refused', () => {
  expect(answered([{ refusal: 'I will ' }, { refusal: 'not.' }])).toMatchObject({
    text: 'I will not.',
    ended: 'refused',
  })
})

test.each(['error', 'insufficient_system_resource', 'network_error'])('the end %s is a failure', (finish) => {
  expect(() => answered([{ content: 'So' }], finish)).toThrow(`the endpoint gave up: ${finish}`)
})

test('what OpenRouter says that it costs is handed on', () => {
  const draft = emptyDraft()
  takeChunk(draft, { choices: [{ delta: {}, finish_reason: 'stop' }] }, () => undefined)
  takeChunk(
    draft,
    { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, cost: 0.5 } },
    () => undefined,
  )
  expect(answerOf(draft, question(), null).costUsd).toBe(0.5)
})

function answered(deltas: readonly object[], finish = 'stop'): Answer {
  const draft = emptyDraft()
  for (const delta of deltas) takeChunk(draft, { choices: [{ index: 0, delta }] }, () => undefined)
  takeChunk(draft, { choices: [{ index: 0, delta: {}, finish_reason: finish }] }, () => undefined)
  return answerOf(draft, question(), openAiEcho('x', draft))
}
