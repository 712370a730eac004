import { createHash } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../../src/adapters/bridge/client.ts'
import { decodeValue, encodeValue } from '../../../src/adapters/bridge/codec.ts'
import { createFrames } from '../../../src/adapters/bridge/frame.ts'
import type { Peer } from '../../../src/adapters/bridge/peer.ts'
import { serve } from '../../../src/adapters/bridge/server.ts'
import { KageError } from '../../../src/core/error.ts'
import { limit } from '../../../src/core/limit.ts'
import { served } from '../../support/bridge.ts'
import { until } from '../../support/until.ts'

/** A connection without a client, and the messages that came to it. */
async function raw(path: string): Promise<{ socket: Socket; messages: unknown[] }> {
  const socket = createConnection({ path })
  onTestFinished(() => void socket.destroy())
  const messages: unknown[] = []
  const frames = createFrames(limit.frameBytes, Infinity)
  socket.on('data', (chunk: Buffer) => frames.push(chunk, (message) => messages.push(decodeValue(message))))
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('connect', resolve))
  return { socket, messages }
}

test('a request is answered with what the method returns', async () => {
  const { greet } = await served({ methods: async (method, params) => ({ method, params }) })
  const client = await greet()
  expect(await client.request('ls', { all: true, path: 'a\udcff' })).toEqual({
    method: 'ls',
    params: { all: true, path: 'a\udcff' },
  })
})

test('requests are answered in the order in which they are done', async () => {
  let release: (value: unknown) => void = () => {}
  const held = new Promise((resolve) => void (release = resolve))
  const { greet } = await served({ methods: async (method) => (method === 'wait' ? held : method) })
  const client = await greet()
  const first = client.request('wait', {})
  expect(await client.request('ls', {})).toBe('ls')
  release('late')
  expect(await first).toBe('late')
})

test('a refusal reaches the client with its code, message and hint', async () => {
  const { greet } = await served({
    methods: async (method) => {
      if (method === 'spawn') throw new KageError('KAGE_TASK_EMPTY', 'no task', 'say one')
    },
  })
  const client = await greet()
  await expect(client.request('spawn', {})).rejects.toMatchObject({
    code: 'KAGE_TASK_EMPTY',
    message: 'no task',
    hint: 'say one',
  })
})

test('a defect reaches the client without its stack, and the log whole', async () => {
  const defects: unknown[] = []
  const { path } = await served({
    methods: async () => {
      throw new TypeError('x is not a function')
    },
    onDefect: (thrown, method) => defects.push([thrown, method]),
  })
  const { socket, messages } = await raw(path)
  socket.write(encodeValue([0, 1, 'ls', []]))
  await until(() => messages.length === 1)
  expect(messages[0]).toMatchObject([1, 1, { code: 'KAGE_INTERNAL', message: 'x is not a function' }, null])
  expect(JSON.stringify(messages)).not.toContain('server.test')
  expect(defects).toEqual([[expect.any(TypeError), 'ls']])
})

test('an answer that cannot be sent is a defect, and the connection lives on', async () => {
  const { greet } = await served({
    methods: async (method) => (method === 'odd' ? { when: new Date(0) } : 'well'),
  })
  const client = await greet()
  await expect(client.request('odd', {})).rejects.toMatchObject({ code: 'KAGE_INTERNAL' })
  expect(await client.request('ls', {})).toBe('well')
})

test('a large answer and a large request pass whole', async () => {
  const { greet } = await served()
  const client = await greet()
  const value = {
    text: 'é'.repeat(2_000_000),
    lines: Array.from({ length: 20_000 }, (_, index) => `line ${index}`),
    bytes: Buffer.alloc(1_500_000, 7),
  }
  expect(digest(await client.request('echo', value))).toBe(
    digest({ ...value, bytes: new Uint8Array(value.bytes) }),
  )
  expect(await client.request('echo', { small: true })).toEqual({ small: true })
})

function digest(value: unknown): string {
  return createHash('sha256').update(encodeValue(value)).digest('hex')
}

test('an answer of exactly the cap and one byte more both pass', async () => {
  const { greet } = await served({
    methods: async (method, params) =>
      method === 'hello' ? null : 'x'.repeat((params as { size: number }).size),
  })
  const client = await greet()
  for (let size = limit.frameBytes - 12; size < limit.frameBytes + 3; size++) {
    expect(((await client.request('text', { size })) as string).length).toBe(size)
  }
})

test('a request of exactly the cap and one byte more both pass', async () => {
  const { greet } = await served({
    methods: async (_method, params) => (params as { text?: string }).text?.length,
  })
  const client = await greet()
  for (let size = limit.frameBytes - 30; size < limit.frameBytes + 3; size++) {
    expect(await client.request('measure', { text: 'x'.repeat(size) })).toBe(size)
  }
})

test('uploads are capped, and the connection lives on', async () => {
  const { greet } = await served()
  const client = await greet()
  await expect(client.request('echo', { bytes: Buffer.alloc(limit.uploadBytes) })).rejects.toMatchObject({
    code: 'KAGE_LIMIT',
  })
  expect(await client.request('echo', { small: true })).toEqual({ small: true })
})

test('chunks are for those who said hello', async () => {
  const { path } = await served()
  const client = await connect(path)
  onTestFinished(() => client.close())
  await expect(
    client.request('chunk.write', { id: 1, offset: 0, bytes: Buffer.alloc(3) }),
  ).rejects.toMatchObject({ code: 'KAGE_FORBIDDEN' })
})

test('a connection that never says hello is closed, one that did or waits for an answer is not', async () => {
  const answer = Promise.withResolvers<string>()
  const { path, server, greet } = await served({
    methods: async (method) => (method === 'slow' ? answer.promise : null),
    helloMs: 100,
  })
  const greeted = await greet()
  const asking = await connect(path)
  onTestFinished(() => asking.close())
  const slow = asking.request('slow', {})
  const silent = createConnection({ path })
  await new Promise((resolve) => silent.once('close', resolve))
  await until(() => server.peers.size === 2)
  answer.resolve('at last')
  expect(await slow).toBe('at last')
  expect(await greeted.request('ls', {})).toBeNull()
})

test('a large message before hello ends the connection', async () => {
  const { path, greet } = await served()
  const client = await connect(path)
  await expect(
    client.request('hello', { client: 'x'.repeat(limit.frameBytesBeforeHello) }),
  ).rejects.toMatchObject({ code: 'KAGE_FRAME' })
  expect(await (await greet()).request('ls', {})).toEqual({})
})

test('malformed input ends its own connection with KAGE_FRAME, and no other', async () => {
  const { path, server, greet } = await served()
  const client = await greet()
  const inputs = [
    '474554202f',
    'c1',
    '93000102',
    '94000061c090',
    '9300a161',
    '920090',
    'ddffffffff',
    '91'.repeat(200),
    '94030161c090',
    '940100c0c0',
  ]
  for (const hex of inputs) {
    const { socket, messages } = await raw(path)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(Buffer.from(hex, 'hex'))
    if (hex === '93000102') socket.write(Buffer.from('c0', 'hex'))
    if (hex === '9300a161') socket.write(Buffer.from('90', 'hex'))
    await closed
    expect(messages.at(-1)).toMatchObject([2, 'fault', [{ code: 'KAGE_FRAME' }]])
  }
  await until(() => server.peers.size === 1)
  expect(await client.request('ls', {})).toEqual({})
})

test('half a message holds up nobody and is forgotten with its connection', async () => {
  const { path, server, greet } = await served()
  const halves = await Promise.all(Array.from({ length: 50 }, () => raw(path)))
  const whole = encodeValue([0, 1, 'ls', [{}]])
  for (const { socket } of halves) socket.write(whole.subarray(0, 5))
  expect(await (await greet()).request('ls', {})).toEqual({})
  for (const { socket } of halves) socket.write(whole.subarray(5))
  await until(() => halves.every(({ messages }) => messages.length === 1))
  for (const { socket } of halves) socket.write(whole.subarray(0, 5), () => void socket.destroy())
  await until(() => server.peers.size === 1)
})

test('1,000 clients at once are all answered', async () => {
  const { path, server } = await served()
  const clients = await Promise.all(Array.from({ length: 1000 }, () => connect(path)))
  const answers = await Promise.all(clients.map((client, index) => client.request('echo', { index })))
  expect(answers).toEqual(clients.map((_, index) => ({ index })))
  expect(server.peers.size).toBe(1000)
  for (const client of clients) client.close()
  await until(() => server.peers.size === 0)
})

test('a reader that lags behind 8 MiB is cut off, and the others are served', async () => {
  let slow: Peer | null = null
  const { path, server, greet } = await served({ onConnect: (peer) => void (slow ??= peer) })
  const { socket } = await raw(path)
  socket.pause()
  const peer = await until(() => slow)
  const text = 'x'.repeat(500_000)
  let sent = 0
  while (peer.notify('event', { text })) sent++
  expect(sent).toBeGreaterThan(10)
  expect(sent).toBeLessThan(40)
  expect(await (await greet()).request('ls', {})).toEqual({})
  await until(() => server.peers.size === 1)
})

test('a flood of requests is taken no faster than it is answered', async () => {
  let running = 0
  let most = 0
  const { path } = await served({
    methods: async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
    },
  })
  const { socket, messages } = await raw(path)
  const request = encodeValue([0, 1, 'ls', [{ text: 'x'.repeat(1000) }]])
  for (let index = 0; index < 5000; index++) socket.write(request)
  await until(() => messages.length === 5000)
  expect(most).toBeLessThan(limit.requestsPerClient + 100)
})

test('notifications come in order, large ones among them', async () => {
  const { server, greet } = await served()
  const client = await greet()
  const heard: unknown[] = []
  client.onNotify((method, params) => heard.push([method, (params as { text: string }).text.length]))
  const [peer] = server.peers
  for (const size of [1, 2_000_000, 2, 3, 1_500_000, 4])
    expect(peer?.notify('event', { text: 'x'.repeat(size) })).toBe(true)
  await until(() => heard.length === 6)
  expect(heard).toEqual([1, 2_000_000, 2, 3, 1_500_000, 4].map((size) => ['event', size]))
  peer?.notify('event', { text: 'after' })
  await until(() => heard.length === 7)
})

test('a request gives up after its time, and a late answer harms nothing', async () => {
  let release: (value: unknown) => void = () => {}
  const held = new Promise((resolve) => void (release = resolve))
  const { greet } = await served({ methods: async (method) => (method === 'wait' ? held : method) })
  const client = await greet()
  await expect(client.request('wait', {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'KAGE_TIMEOUT' })
  release('x'.repeat(2_000_000))
  expect(await client.request('ls', {})).toBe('ls')
})

test('when the server ends, what is pending fails and the client is told', async () => {
  const { server, greet } = await served({
    methods: async (method) => (method === 'hello' ? null : new Promise(() => {})),
  })
  const client = await greet()
  let told: unknown
  client.onClose((fault) => void (told = fault))
  const pending = expect(client.request('wait', {})).rejects.toMatchObject({
    code: 'KAGE_DAEMON_UNREACHABLE',
  })
  await server.close()
  await pending
  expect(told).toMatchObject({ code: 'KAGE_DAEMON_UNREACHABLE' })
  await expect(client.request('ls', {})).rejects.toMatchObject({ code: 'KAGE_DAEMON_UNREACHABLE' })
})

test('a server closes although a peer reads nothing of what it was sent', async () => {
  const { path, server } = await served()
  const { socket } = await raw(path)
  socket.pause()
  const peer = await until(() => [...server.peers][0])
  for (let index = 0; index < 8; index++) peer.notify('event', { text: 'x'.repeat(500_000) })
  const started = performance.now()
  await server.close()
  expect(performance.now() - started).toBeLessThan(limit.closeGraceMs + 2000)
})

test('a client where nobody listens learns that there is no daemon', async () => {
  const { path, server } = await served()
  await server.close()
  await expect(connect(path)).rejects.toMatchObject({ code: 'KAGE_DAEMON_UNREACHABLE' })
})

test('a successor takes the path over in one step, and the one before leaves it alone', async () => {
  const { path, server, greet } = await served({ methods: async () => 'first' })
  const before = await greet()
  const successor = await serve(path, { methods: async () => 'second' })
  onTestFinished(() => successor.close())
  await server.close()
  expect(await (await greet()).request('who', {})).toBe('second')
  await expect(before.request('who', {})).rejects.toMatchObject({ code: 'KAGE_DAEMON_UNREACHABLE' })
  expect(readdirSync(dirname(path))).toEqual(['kaged.sock'])
  await successor.close()
  expect(readdirSync(dirname(path))).toEqual([])
})

test('the socket is for this user alone', async () => {
  const { path } = await served()
  expect(lstatSync(path).mode & 0o777).toBe(0o600)
})
