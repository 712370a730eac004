import { createConnection, type Socket } from 'node:net'
import { type Fault, KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { type Chunked, isChunked } from './chunk.ts'
import { decodeValue } from './codec.ts'
import { createFrames } from './frame.ts'
import { argumentOf, faultOfWire, head, type Message, messageOf } from './message.ts'
import { checkSocketPlace } from './socket-path.ts'
import { farewell, openWire } from './wire.ts'

/** A connection to a server. */
export interface Client {
  /** Asks; rejects with the server's fault, KAGE_TIMEOUT, or KAGE_DAEMON_UNREACHABLE when the connection ends. */
  request(method: string, params: unknown, options?: { readonly timeoutMs?: number }): Promise<unknown>
  /** Sets who is told of notifications, in the order of their sending. */
  onNotify(listener: (method: string, params: unknown) => void): void
  /** Sets who is told once that the connection has ended; null when it was closed on this side. */
  onClose(listener: (fault: Fault | null) => void): void
  close(): void
}

interface Pending {
  readonly settle: (result: unknown) => void
  readonly fail: (error: Error) => void
}

/** Connects to a server's socket in a directory of this user's own; KAGE_DAEMON_UNREACHABLE when none listens. */
export async function connect(path: string): Promise<Client> {
  checkSocketPlace(path)
  return openClient(await connected(path))
}

function openClient(socket: Socket): Client {
  const pending = new Map<number, Pending>()
  let lastId = 0
  let closed = false
  let lost: KageError | null = null
  let onNotify: (method: string, params: unknown) => void = () => {}
  let onClose: (fault: Fault | null) => void = () => {}
  let notified: Promise<void> | null = null
  const frames = createFrames(limit.frameBytes, Infinity)
  const wire = openWire(socket, { frames, onMessage: receive, onEnd: end })
  return {
    request: async (method, params, options) => {
      const start = head.request(0, method)
      const { bytes, lastAt } = messageOf(start, [params])
      const whole = bytes.length + 4 > limit.frameBytes ? [await upload(bytes.subarray(lastAt))] : [params]
      return pull(await call(method, whole, options?.timeoutMs))
    },
    onNotify: (listener) => void (onNotify = listener),
    onClose: (listener) => void (onClose = listener),
    close: () => {
      closed = true
      wire.close()
    },
  }

  function call(method: string, params: readonly unknown[], timeoutMs?: number): Promise<unknown> {
    const id = (lastId = (lastId + 1) % 0xffffffff)
    return new Promise((resolve, reject) => {
      if (lost !== null || closed) return reject(lost ?? gone('The connection is closed.'))
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => expire(id, method, timeoutMs, reject), timeoutMs)
      const settled =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer)
          pending.delete(id)
          then(value)
        }
      pending.set(id, { settle: settled(resolve), fail: settled(reject) })
      wire.send(messageOf(head.request(id, method), params).bytes)
    })
  }

  /** A late answer is read off the server's shelf, not by anyone here. */
  function expire(id: number, method: string, timeoutMs: number, reject: (error: Error) => void): void {
    const release = (result: unknown): void => {
      pending.delete(id)
      if (isChunked(result))
        wire.send(messageOf(head.notification('chunk.free'), [{ id: result.$chunked }]).bytes)
    }
    pending.set(id, { settle: release, fail: () => pending.delete(id) })
    reject(new KageError('KAGE_TIMEOUT', `No answer to ${method} came within ${timeoutMs} ms.`))
  }

  function receive(message: Message): void {
    if (message.kind === 'request') throw new KageError('KAGE_FRAME', 'A server does not ask.')
    if (message.kind === 'notification') return hear(message.method, argumentOf(message.params))
    const waiting = pending.get(message.id)
    if (message.error === null) waiting?.settle(message.result)
    else waiting?.fail(errorOf(message.error))
  }

  /** A large notification is pulled first; those after it wait for it. */
  function hear(method: string, params: unknown): void {
    if (method === farewell) lost = errorOf(params)
    else if (notified === null && !isChunked(params)) onNotify(method, params)
    else {
      const mine: Promise<void> = (notified ?? Promise.resolve())
        .then(() => pull(params, true))
        .then(
          (whole) => onNotify(method, whole),
          () => wire.close(),
        )
        .then(() => void (notified = notified === mine ? null : notified))
      notified = mine
    }
  }

  async function pull(result: unknown, inParams = false): Promise<unknown> {
    if (!isChunked(result)) return result
    const pieces: Uint8Array[] = []
    for (let offset = 0; offset < result.size; offset += pieces.at(-1)?.length ?? Infinity) {
      const piece = (await call('chunk.read', [{ id: result.$chunked, offset }])) as { bytes: Uint8Array }
      if (piece.bytes.length === 0) throw new KageError('KAGE_FRAME', 'A large answer broke off.')
      pieces.push(piece.bytes)
    }
    const whole = decodeValue(Buffer.concat(pieces))
    return inParams && Array.isArray(whole) ? argumentOf(whole) : whole
  }

  async function upload(bytes: Buffer): Promise<Chunked> {
    if (bytes.length > limit.uploadBytes)
      throw new KageError('KAGE_LIMIT', `A request of ${bytes.length} bytes is too large.`)
    const id = ++lastId
    for (let offset = 0; offset < bytes.length; offset += limit.chunkBytes) {
      await call('chunk.write', [{ id, offset, bytes: bytes.subarray(offset, offset + limit.chunkBytes) }])
    }
    return { $chunked: id, size: bytes.length }
  }

  function end(fault: Fault | null): void {
    lost ??= fault === null ? gone('The daemon ended the connection.') : errorOf(fault)
    for (const waiting of [...pending.values()]) waiting.fail(lost)
    onClose(closed ? null : { code: lost.code, message: lost.message, hint: lost.hint })
  }
}

/** A full backlog (EAGAIN) passes by itself: many clients came at once. */
async function connected(path: string): Promise<Socket> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectedOnce(path)
    } catch (thrown) {
      const error = thrown as NodeJS.ErrnoException
      if (error.code !== 'EAGAIN' || attempt === limit.connectAttempts)
        throw gone(`No daemon listens at ${path} (${error.message}).`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

function connectedOnce(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path })
    const refuse = (error: Error): void => reject(error)
    socket.once('error', refuse)
    socket.once('connect', () => {
      socket.removeListener('error', refuse)
      resolve(socket)
    })
  })
}

function gone(message: string): KageError {
  return new KageError('KAGE_DAEMON_UNREACHABLE', message)
}

function errorOf(error: unknown): KageError {
  const { code, message, hint } = faultOfWire(error)
  return new KageError(code, message, hint)
}
