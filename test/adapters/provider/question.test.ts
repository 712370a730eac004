import { expect, test } from 'vitest'
import { anthropicBody } from '../../../src/adapters/provider/anthropic-request.ts'
import { endpointOf } from '../../../src/adapters/provider/endpoint.ts'
import { openAiBody } from '../../../src/adapters/provider/openai-request.ts'
import type { ChatMessage } from '../../../src/adapters/provider/provider.ts'
import { type Api, planFor, question } from '../../support/provider.ts'

const own = (api: Api): ReturnType<typeof endpointOf> =>
  endpointOf({ ...planFor(api, ''), baseUrl: null }, null, {})
const call = { id: 'c1', name: 'read', input: null, received: '{"path": "a' }
const messages: ChatMessage[] = [
  { role: 'user', text: 'Begin.' },
  { role: 'assistant', text: '', calls: [call] },
  { role: 'tool', call: 'c1', text: 'That was no JSON.', failed: true },
  { role: 'user', text: 'And mind \ud800 this.' },
]

test('OpenAI itself is told the limit under its newer name', () => {
  const body = openAiBody(own('openai'), question())
  expect(body).toHaveProperty('max_completion_tokens', 1000)
  expect(body).not.toHaveProperty('max_tokens')
})

test('a call whose arguments were broken goes back without them', () => {
  const { messages: sent } = openAiBody(own('openai'), question({ messages }))
  expect(sent).toEqual([
    { role: 'system', content: 'You are an agent.' },
    { role: 'user', content: 'Begin.' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'That was no JSON.' },
    { role: 'user', content: 'And mind \ufffd this.' },
  ])
})

test('in Messages results stand before what the person said, and the end of it is kept in the cache', () => {
  const { messages: sent, system } = anthropicBody(own('anthropic'), question({ messages }))
  expect(sent).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Begin.' }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'read', input: {} }] },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'c1', content: 'That was no JSON.', is_error: true },
        { type: 'text', text: 'And mind \ufffd this.', cache_control: { type: 'ephemeral' } },
      ],
    },
  ])
  expect(system).toEqual([{ type: 'text', text: 'You are an agent.', cache_control: { type: 'ephemeral' } }])
})

test('a conversation without tools or system sends neither', () => {
  const bare = question({ tools: [], system: '' })
  expect(anthropicBody(own('anthropic'), bare)).not.toHaveProperty('tools')
  expect(anthropicBody(own('anthropic'), bare)).not.toHaveProperty('system')
  expect(openAiBody(own('openai'), bare)).not.toHaveProperty('tools')
  expect(openAiBody(own('openai'), bare).messages).toEqual([{ role: 'user', content: 'Mend the parser.' }])
})
