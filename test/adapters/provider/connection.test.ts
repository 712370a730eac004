import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { apis, providerFor, question } from '../../support/provider.ts'

const streams = {
  openai: 'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
  anthropic: [
    'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n',
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  ].join(''),
}

test.each(apis)('%s: one connection serves one question after another', async (api) => {
  let connections = 0
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(streams[api])
    // The end comes on its own, after everything that was said.
    setImmediate(() => setImmediate(() => response.end()))
  })
  server.on('connection', () => (connections += 1)).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const provider = providerFor(api, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  for (let asked = 0; asked < 5; asked += 1) expect((await provider.answer(question())).ended).toBe('done')
  expect(connections).toBeLessThanOrEqual(2)
})
