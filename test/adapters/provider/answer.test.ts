import { expect, test } from 'vitest'
import type { Answer, ChatMessage } from '../../../src/adapters/provider/provider.ts'
import { modelServer } from '../../support/model-server.ts'
import { type Api, apis, providerFor, question } from '../../support/provider.ts'

const usage = { input: 120, cached: 20, output: 7 }

test.each(apis)('%s: text arrives piece by piece and then as a whole', async (api) => {
  const server = await modelServer([{ text: ['I ', 'see 影', '\n'], usage }])
  const asked = question()
  const answer = await providerFor(api, server.address).answer(asked)
  expect(answer).toEqual({
    text: 'I see 影\n',
    calls: [],
    ended: 'done',
    usage: { inputTokens: 120, cachedTokens: 20, outputTokens: 7, estimated: false },
    costUsd: null,
  })
  expect(asked.heard).toEqual(['I ', 'see 影', '\n'])
})

test.each(apis)('%s: several calls arrive with their arguments put together', async (api) => {
  const server = await modelServer([
    {
      text: 'Both.',
      calls: [
        { id: 'one', tool: 'read', input: { path: 'a.js', lines: [1, 2] } },
        { id: 'two', tool: 'read', arguments: ['{"pa', 'th":', '"b.js"}'] },
        { id: 'three', tool: 'list', arguments: '' },
      ],
    },
  ])
  const { calls, ended } = await providerFor(api, server.address).answer(question())
  expect(ended).toBe('tools')
  expect(calls).toEqual([
    {
      id: 'one',
      name: 'read',
      input: { path: 'a.js', lines: [1, 2] },
      received: '{"path":"a.js","lines":[1,2]}',
    },
    { id: 'two', name: 'read', input: { path: 'b.js' }, received: '{"path":"b.js"}' },
    { id: 'three', name: 'list', input: {}, received: '' },
  ])
})

test.each(apis)('%s: a conversation goes on with the results of its calls', async (api) => {
  const server = await modelServer([
    { text: 'First.', reasoning: 'Look at the file.', calls: [{ tool: 'read', input: { path: 'a.js' } }] },
    { text: 'Done.', expect: 'const a = 1' },
  ])
  const provider = providerFor(api, server.address)
  const first = await provider.answer(question())
  const second = await provider.answer(question({ messages: continued(first, 'const a = 1') }))
  expect(second.text).toBe('Done.')
  expect(server.requests).toHaveLength(2)
})

test.each(apis)('%s: what another provider reasoned is not passed on', async (api) => {
  const server = await modelServer([{ reasoning: 'Mine.', text: 'First.' }, { text: 'Second.' }])
  const provider = providerFor(api, server.address)
  const first = await provider.answer(question())
  const foreign = { ...first, echo: { provider: 'another', value: first.echo?.value } }
  await expect(provider.answer(question({ messages: continued(foreign, null) }))).rejects.toThrow(
    'must be passed back',
  )
})

test.each(apis)('%s: ids of calls from elsewhere become short and stay together', async (api) => {
  const server = await modelServer([{ text: 'First.' }, { text: 'Second.', expect: 'of both' }])
  const id = `影-${'x'.repeat(80)}`
  const calls = [id, `${id}!`].map((each) => ({ id: each, name: 'read', input: {}, received: '' }))
  const messages: ChatMessage[] = [
    { role: 'user', text: 'Begin.' },
    { role: 'assistant', text: '', calls },
    { role: 'tool', call: id, text: 'one', failed: false },
    { role: 'tool', call: `${id}!`, text: 'the result of both', failed: true },
    { role: 'user', text: 'And now?' },
  ]
  const answer = await providerFor(api, server.address).answer(question({ messages }))
  expect(answer.text).toBe('Second.')
})

const endings: [Api, string, Answer['ended']][] = [
  ['openai', 'stop', 'done'],
  ['openai', 'length', 'length'],
  ['openai', 'content_filter', 'refused'],
  ['anthropic', 'end_turn', 'done'],
  ['anthropic', 'max_tokens', 'length'],
  ['anthropic', 'refusal', 'refused'],
]
test.each(endings)('%s: an answer that ends by %s is %s', async (api, finish, ended) => {
  const server = await modelServer([{ text: 'So far.', finish }])
  const answer = await providerFor(api, server.address).answer(question())
  expect([answer.ended, answer.text]).toEqual([ended, 'So far.'])
})

test.each([
  ['openai', 'length'],
  ['anthropic', 'max_tokens'],
] as const)('%s: an answer that was cut gives no call', async (api, finish) => {
  const server = await modelServer([{ calls: [{ tool: 'read', input: { path: 'a' } }], finish }])
  const answer = await providerFor(api, server.address).answer(question())
  expect([answer.ended, answer.calls]).toEqual(['length', []])
})

test.each(apis)('%s: arguments that are no object are handed on as received', async (api) => {
  const wrong = ['{"path": "a', '[1]', '"text"', 'null', '{"path": "a"}}']
  const server = await modelServer([
    { calls: [...wrong, '{"text": "a\nb"}'].map((each) => ({ tool: 'read', arguments: each })) },
    { text: 'I see.', expect: 'no JSON' },
  ])
  const provider = providerFor(api, server.address)
  const answer = await provider.answer(question())
  expect(answer.calls.map(({ received, input }) => [received, input])).toEqual([
    ...wrong.map((each) => [each, null]),
    ['{"text": "a\nb"}', { text: 'a\nb' }],
  ])
  const next = await provider.answer(question({ messages: continued(answer, 'that was no JSON') }))
  expect(next.text).toBe('I see.')
})

function continued(answer: Answer, result: string | null): ChatMessage[] {
  const { text, calls, echo } = answer
  return [
    { role: 'user', text: 'Begin.' },
    { role: 'assistant', text, calls, ...(echo === undefined ? {} : { echo }) },
    ...calls.map(({ id }) => ({ role: 'tool' as const, call: id, text: result ?? '', failed: false })),
    ...(calls.length === 0 ? [{ role: 'user' as const, text: 'Go on.' }] : []),
  ]
}
