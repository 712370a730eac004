import { expect, test } from 'vitest'
import { modelServer } from '../../support/model-server.ts'

const user = { role: 'user', content: 'Mend it.' }
const openAi = { model: 'ada', stream: true, messages: [user] }
const anthropic = { ...openAi, max_tokens: 100 }
const version = { 'anthropic-version': '2026-10-21' }

test('Chat Completions is streamed as the service does', async () => {
  const server = await modelServer([
    {
      text: 'I see.',
      calls: [{ id: 'c1', tool: 'read', input: { path: 'a' } }],
      usage: { input: 9, output: 3 },
    },
  ])
  const body = { ...openAi, stream_options: { include_usage: true } }
  const { response, events } = await ask(`${server.address}/v1/chat/completions`, body)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('x-prepared-answers')).toBe('no model is behind this server')
  const choices = events.slice(0, -1).map(({ data }) => JSON.parse(data).choices[0])
  expect(choices.slice(0, -1).map(({ delta, finish_reason }) => finish_reason ?? delta)).toEqual([
    { role: 'assistant', content: '' },
    { content: 'I' },
    { content: ' see.' },
    { tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'read', arguments: '' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"path":"a"}' } }] },
    'tool_calls',
  ])
  expect(JSON.parse(events.at(-2)?.data ?? '')).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
  })
  expect(events.at(-1)?.data).toBe('[DONE]')
})

test('Messages is streamed as the service does', async () => {
  const server = await modelServer([
    {
      text: 'Yes.',
      calls: [{ id: 'c1', tool: 'read', input: { path: 'a' } }],
      usage: { input: 9, cached: 4, output: 3 },
    },
  ])
  const { events } = await ask(`${server.address}/v1/messages`, anthropic, version)
  expect(events.map(({ event }) => event)).toEqual([
    'message_start',
    'content_block_start',
    'ping',
    'content_block_delta',
    'content_block_stop',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ])
  const data = events.map((event) => JSON.parse(event.data))
  expect(data[0].message.usage).toMatchObject({ input_tokens: 5, cache_read_input_tokens: 4 })
  expect(data[9]).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 3 } })
})

test('the turn is found by the answers that the conversation has, whoever asks', async () => {
  const server = await modelServer({
    agents: { ada: [{ text: 'First' }, { text: 'Second' }], bo: [{ text: 'Bo' }] },
  })
  const url = `${server.address}/v1/chat/completions`
  const later = [user, { role: 'assistant', content: 'First' }, user]
  expect(await textOf(url, { ...openAi, messages: later })).toBe('Second')
  expect(await textOf(url, openAi)).toBe('First')
  expect(await textOf(url, openAi)).toBe('First')
  expect(await textOf(url, { ...openAi, model: 'bo' })).toBe('Bo')
  expect(await refused(url, { ...openAi, model: 'cy' })).toEqual([
    404,
    "The model 'cy' has no prepared answers.",
  ])
  expect(await refused(url, { ...openAi, model: 'constructor' })).toEqual([
    404,
    "The model 'constructor' has no prepared answers.",
  ])
  expect(await refused(url, { ...openAi, model: 'bo', messages: later })).toEqual([
    400,
    "No answer 2 is prepared for 'bo'.",
  ])
  expect(server.requests.map(({ method, body }) => `${method} ${String(body['model'])}`)).toHaveLength(7)
})

test('tries of one turn are counted for each conversation', async () => {
  const server = await modelServer([{ attempts: [{ fault: { status: 529 } }, { text: 'Now.' }] }])
  const url = `${server.address}/v1/chat/completions`
  const other = { ...openAi, messages: [{ role: 'user', content: 'Another.' }] }
  expect((await refused(url, openAi))[0]).toBe(529)
  expect((await refused(url, other))[0]).toBe(529)
  expect(await textOf(url, openAi)).toBe('Now.')
  expect(await textOf(url, openAi)).toBe('Now.')
})

test('what a turn expects and does not find is refused with both texts', async () => {
  const server = await modelServer([{ text: 'First' }, { text: 'Second', expect: 'all green' }])
  const url = `${server.address}/v1/messages`
  const result = (content: unknown): object => ({
    ...anthropic,
    messages: [
      user,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'run', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content }] },
    ],
  })
  const [status, message] = await refused(url, result('1 failed'), version)
  expect([status, message]).toEqual([
    400,
    expect.stringMatching(/^Answer 2 of 'ada' expects "all green", but there is:\s+1 failed/),
  ])
  expect((await ask(url, result([{ type: 'text', text: 'all green' }]), version)).response.status).toBe(200)
})

test.each([
  [{ messages: [] }, 'empty array'],
  [{ messages: [{ role: 'developer', content: 'a' }] }, "'developer' as a role"],
  [
    { messages: [user, { role: 'tool', tool_call_id: 'x', content: '' }] },
    'a response to a preceding message',
  ],
  [
    { messages: [user, { role: 'assistant', tool_calls: [{ id: 'x', function: { arguments: '' } }] }, user] },
    'must be followed by tool messages',
  ],
  [{ messages: [user, { role: 'assistant', tool_calls: [{ id: 'ä' }] }] }, "Invalid 'tool_calls[].id'"],
  [{ stream: false }, 'as streams only'],
])('OpenAI would refuse %j, and so does the server', async (wrong, message) => {
  const server = await modelServer([{ text: 'a' }])
  const refusal = await refused(`${server.address}/v1/chat/completions`, { ...openAi, ...wrong })
  expect(refusal).toEqual([400, expect.stringContaining(message)])
})

const used = { role: 'assistant', content: [{ type: 'tool_use', id: 'x', name: 'run', input: {} }] }
const given = { type: 'tool_result', tool_use_id: 'x', content: 'a' }
test.each([
  [{ max_tokens: undefined }, 'max_tokens'],
  [{ temperature: 1 }, 'temperature'],
  [{ messages: [used] }, 'first message'],
  [{ messages: [{ role: 'user', content: '' }] }, 'must be non-empty'],
  [{ messages: [user, used, user] }, 'without `tool_result`'],
  [
    { messages: [user, used, { role: 'user', content: [{ type: 'text', text: 'b' }, given] }] },
    'without `tool_result`',
  ],
  [
    { messages: [user, used, { role: 'user', content: [given] }, used, { role: 'user', content: [given] }] },
    'unique',
  ],
  [{ messages: [{ role: 'user', content: [given] }] }, 'unexpected `tool_use_id`'],
] as [object, string][])('Anthropic would refuse %j, and so does the server', async (wrong, message) => {
  const server = await modelServer([{ text: 'a' }])
  const refusal = await refused(`${server.address}/v1/messages`, { ...anthropic, ...wrong }, version)
  expect(refusal).toEqual([400, expect.stringContaining(message)])
})

test('a wrong key, another path and a body that is no JSON are refused', async () => {
  const server = await modelServer([{ text: 'a' }], { key: 'right' })
  const url = `${server.address}/v1/chat/completions`
  expect((await refused(url, openAi, { authorization: 'Bearer wrong' }))[0]).toBe(401)
  expect(await textOf(url, openAi, { authorization: 'Bearer right' })).toBe('a')
  expect((await fetch(`${server.address}/v1/models`)).status).toBe(404)
  expect((await fetch(url, { method: 'POST', body: 'no', headers: { 'x-api-key': 'right' } })).status).toBe(
    400,
  )
})

interface Streamed {
  readonly response: Response
  readonly events: readonly { readonly event: string; readonly data: string }[]
}

async function ask(url: string, body: object, headers: Record<string, string> = {}): Promise<Streamed> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '')
  const field = (block: string, name: string): string =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
  return {
    response,
    events: blocks.map((block) => ({ event: field(block, 'event'), data: field(block, 'data') })),
  }
}

async function textOf(url: string, body: object, headers: Record<string, string> = {}): Promise<string> {
  const { events } = await ask(url, body, headers)
  return events
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data).choices[0]?.delta.content ?? '')
    .join('')
}

async function refused(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<[number, string]> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
  const { error } = (await response.json()) as { error: { message: string } }
  return [response.status, error.message]
}
