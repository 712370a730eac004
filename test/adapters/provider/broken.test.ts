import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { FailureKind, ProviderFailure } from '../../../src/adapters/provider/provider.ts'
import { limit } from '../../../src/core/limit.ts'
import { modelServer } from '../../support/model-server.ts'
import { type Api, apis, plantedKey, providerFor, question } from '../../support/provider.ts'

const text = ['One ', 'two ', 'three ', 'four.']
const calls = [{ tool: 'read', input: { path: 'a long path to some file.js' } }]
const both = <T extends readonly unknown[]>(rows: readonly T[]): [Api, ...T][] =>
  apis.flatMap((api) => rows.map((row): [Api, ...T] => [api, ...row]))

test.each(
  both([
    ['cut', 'network', /connection to 127\.0\.0\.1:\d+ failed/],
    ['end-early', 'network', /broke off before it was finished/],
    ['half-call', 'network', /broke off before it was finished/],
    ['wrong-json', 'network', /a piece that is no JSON/],
    ['error-event', 'overload', /in the middle of an answer: Overloaded, in the middle/],
  ] as [string, FailureKind, RegExp][]),
)('%s: an answer with the fault %s fails as %s', async (api, fault, kind, message) => {
  const server = await modelServer([{ text, calls, fault }])
  const asked = question()
  const failure = await failed(providerFor(api, server.address).answer(asked))
  expect([failure.kind, failure.waitMs]).toEqual([kind, null])
  expect(failure.message).toMatch(message)
  expect(asked.heard[0]).toBe('One ')
})

test.each(both([['stall'], ['stall-after-text'], ['keep-alive']]))(
  '%s: an endpoint that falls silent (%s) is not waited for',
  async (api, fault) => {
    const server = await modelServer([{ text, fault }])
    const patience = { firstContentMs: 120, idleMs: 80 }
    const failure = await failed(providerFor(api, server.address, patience).answer(question()))
    expect(failure.kind).toBe('stall')
  },
)

test.each(apis)('%s: a slow answer is waited for as long as content comes', async (api) => {
  const slow = Array.from({ length: 14 }, (_, index) => `${index} `)
  const server = await modelServer([{ text: slow, latencyMs: 1200, pace: 100 }])
  const patience = { firstContentMs: 20_000, idleMs: 1000 }
  const answer = await providerFor(api, server.address, patience).answer(question())
  expect(answer.text).toBe(slow.join(''))
})

test.each(
  both([
    [401, undefined, undefined, 'auth', null],
    [402, undefined, undefined, 'quota', null],
    [429, undefined, 7, 'rate', 7000],
    [500, undefined, undefined, 'overload', null],
    [529, undefined, '3', 'overload', 3000],
    [404, undefined, undefined, 'request', null],
  ] as [number, string | undefined, number | string | undefined, FailureKind, number | null][]),
)('%s: status %i is told as what it means', async (api, status, code, retryAfter, kind, waitMs) => {
  const server = await modelServer([{ fault: { status, code, retryAfter, message: 'So it is.' } }])
  const failure = await failed(providerFor(api, server.address).answer(question()))
  expect([failure.kind, failure.waitMs, failure.message]).toEqual([kind, waitMs, `${status}: So it is.`])
  expect(server.requests).toHaveLength(1)
})

test.each(apis)('%s: an endpoint that is not there fails as network', async (api) => {
  const server = await modelServer([])
  await server.close()
  const failure = await failed(providerFor(api, server.address).answer(question()))
  expect(failure.kind).toBe('network')
  expect(failure.message).toMatch(/connection to 127\.0\.0\.1:\d+ failed \(ECONNREFUSED\)/)
})

test.each([
  ['openai', 'data: {"choices":[{"delta":{"content":"Yes."},"finish_reason":"stop"}]}\n\n'],
  [
    'anthropic',
    [
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Yes."}}\n\n',
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n',
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    ].join(''),
  ],
] as const)(
  '%s: what comes after the end of an answer, or does not come, is no failure',
  async (api, stream) => {
    for (const after of ['silence', 'a break', 'no JSON']) {
      const address = await endpoint((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(stream)
        if (after === 'a break') setTimeout(() => response.destroy(), 20)
        if (after === 'no JSON') response.end('event: content_block_delta\ndata: {\n\n')
      })
      const answer = await providerFor(api, address, { firstContentMs: 20_000, idleMs: 80 }).answer(
        question(),
      )
      expect([after, answer.text, answer.ended]).toEqual([after, 'Yes.', 'done'])
    }
  },
)

test.each(apis)('%s: of 10 MB of text no more is taken than an answer may have', async (api) => {
  const server = await modelServer([{ fault: { hugeMb: 10 } }])
  const asked = question()
  const answer = await providerFor(api, server.address).answer(asked)
  expect(answer.ended).toBe('length')
  expect(answer.usage.estimated).toBe(true)
  expect(answer.text).toHaveLength(limit.answerCharacters)
  expect(asked.heard.join('')).toBe(answer.text)
})

test.each(apis)('%s: a line without an end is given up after so many bytes', async (api) => {
  const address = await endpoint((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    void pipeline(Readable.from(endless()), response).catch(() => response.destroy())
  })
  const failure = await failed(providerFor(api, address).answer(question()))
  expect([failure.kind, failure.message]).toEqual(['request', 'the answer has more bytes than Kage takes'])
})

test.each(apis)('%s: usage that cannot be true is estimated instead', async (api) => {
  const server = await modelServer([{ text, fault: 'lie' }])
  const { usage } = await providerFor(api, server.address).answer(question())
  expect(usage.estimated).toBe(true)
  expect(usage.inputTokens).toBeGreaterThan(10)
  expect(usage.outputTokens).toBe(Math.ceil(text.join('').length / 3.5))
})

test.each(apis)('%s: usage that is missing is estimated', async (api) => {
  const server = await modelServer([{ text, usage: null }])
  const { usage } = await providerFor(api, server.address).answer(question())
  expect(usage.estimated).toBe(true)
})

test.each(apis)('%s: a redirection is not followed, and told', async (api) => {
  const paths: string[] = []
  const address = await endpoint((request, response) => {
    paths.push(request.url ?? '')
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  const failure = await failed(providerFor(api, address).answer(question()))
  expect(failure.kind).toBe('request')
  expect(failure.message).toContain('redirects to /elsewhere')
  expect(paths).toHaveLength(1)
})

test.each(apis)('%s: a page instead of a stream is told', async (api) => {
  const address = await endpoint((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in to the network</h1>')
  })
  const failure = await failed(providerFor(api, address).answer(question()))
  expect(failure.kind).toBe('request')
  expect(failure.message).toContain('Sign in to the network')
})

test.each(
  both([[''], ['null'], ['[]'], ['"text"'], ['{"error":"no"}'], ['{"error":{"message":{"a":1}}}'], ['\0']]),
)('%s: an error whose body is %j is a failure like any other', async (api, body) => {
  const address = await endpoint((_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).end(body)
  })
  const failure = await failed(providerFor(api, address).answer(question()))
  expect(failure.kind).toBe('overload')
})

test.each(
  both([
    ['{}'],
    ['null'],
    ['7'],
    ['{"choices":null}'],
    ['{"choices":[null]}'],
    ['{"choices":[{"delta":{"tool_calls":[null,{"index":"x","function":3}],"content":4}}]}'],
    ['{"type":"content_block_delta","index":"x","delta":null}'],
    ['{"type":"message_start","message":{"usage":{"input_tokens":{}}}}'],
  ]),
)('%s: an event of a foreign shape (%s) does no harm', async (api, data) => {
  const address = await endpoint((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(`event: content_block_delta\ndata: ${data}\n\n`)
  })
  const failure = await failed(providerFor(api, address).answer(question()))
  expect(failure.kind).toBe('network')
})

test.each(apis)('%s: what an endpoint says is shown without the key and in bounds', async (api) => {
  const message = `bad key ${plantedKey}\u001b[31m\n, ${encodeURIComponent(plantedKey)} and sk-pl*****789 ${'x'.repeat(9000)}`
  const server = await modelServer([{ fault: { status: 401, message } }])
  const failure = await failed(providerFor(api, server.address).answer(question()))
  expect(failure.message).toMatch(/^401: bad key \[key\] \[31m , \[key\] and \[key\] x+$/)
  expect(failure.message.length).toBeLessThanOrEqual(limit.failureCharacters)
  expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(plantedKey)
})

test.each(apis)('%s: an error of who listens stays what it is', async (api) => {
  const server = await modelServer([{ text }])
  const defect = new RangeError('a defect')
  const onText = (): void => {
    throw defect
  }
  await expect(providerFor(api, server.address).answer(question({ onText }))).rejects.toBe(defect)
})

async function failed(answer: Promise<unknown>): Promise<ProviderFailure> {
  const failure = await answer.then(
    () => null,
    (error: unknown) => error as ProviderFailure,
  )
  expect(failure).toHaveProperty('name', 'ProviderFailure')
  return failure!
}

async function endpoint(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function* endless(): Generator<Buffer> {
  const piece = Buffer.alloc(1_048_576, 'x')
  yield Buffer.from('data: ')
  for (;;) yield piece
}
