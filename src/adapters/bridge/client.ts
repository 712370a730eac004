import type { Socket } from 'node:net'
import { type Fault, faultOf, KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { type Calls, createCalls, errorOf } from './calls.ts'
import { isChunked } from './chunk.ts'
import { connectSocket } from './connect.ts'
import { createFrames } from './frame.ts'
import { argumentOf, faultOfWire, head, type Message, messageOf } from './message.ts'
import { checkSocketPlace } from './socket-path.ts'
import { pull, push } from './transfer.ts'
import { farewell, openWire } from './wire.ts'

/** A connection to a server. */
export interface Client {
  /** Asks; rejects with the server's fault, KAGE_TIMEOUT, or KAGE_DAEMON_UNREACHABLE when the connection ends. */
  request(method: string, params: unknown, options?: { readonly timeoutMs?: number }): Promise<unknown>
  /** Sets who is told of notifications, in the order of their sending. */
  onNotify(listener: Listener): void
  /** Sets who is told once that the connection has ended; null when it was closed on this side. */
  onClose(listener: (fault: Fault | null) => void): void
  close(): void
}

type Listener = (method: string, params: unknown) => void

/** Connects to a server's socket in a directory of this user's own; KAGE_DAEMON_UNREACHABLE when none listens. */
export async function connect(path: string): Promise<Client> {
  checkSocketPlace(path)
  return openClient(await connectSocket(path))
}

function openClient(socket: Socket): Client {
  let closed = false
  let lost: KageError | null = null
  let onNotify: Listener = () => {}
  let onClose: (fault: Fault | null) => void = () => {}
  const frames = createFrames(limit.frameBytes, Infinity)
  const wire = openWire(socket, { frames, onMessage: receive, onEnd: end })
  const calls = createCalls(wire.send)
  const hear = inOrder(calls, (method, params) => onNotify(method, params), wire.close)
  let uploads = 0
  return {
    request: async (method, params, options) => {
      const { bytes, lastAt } = messageOf(head.request(0xffffffff, method), [params])
      // A message of no more bytes cannot hold more values than a frame may; a larger one is pushed in chunks.
      const whole =
        bytes.length <= limit.frameValues ? params : await push(calls, ++uploads, bytes.subarray(lastAt))
      return pull(calls, await calls.call(method, [whole], options?.timeoutMs))
    },
    onNotify: (listener) => void (onNotify = listener),
    onClose: (listener) => void (onClose = listener),
    close: () => {
      closed = true
      calls.end(gone('The connection was closed.'))
      wire.close()
    },
  }

  function receive(message: Message): void {
    if (message.kind === 'request') throw new KageError('KAGE_FRAME', 'A server does not ask.')
    if (message.kind === 'response') calls.settle(message)
    else if (message.method === farewell) lost = errorOf(faultOfWire(argumentOf(message.params)))
    else hear(message.method, argumentOf(message.params))
  }

  function end(fault: Fault | null): void {
    lost ??= fault === null ? gone('The daemon ended the connection.') : errorOf(fault)
    calls.end(lost)
    onClose(closed ? null : faultOf(lost))
  }
}

/** Passes notifications on; a large one is pulled first, and those after it wait for it. */
function inOrder(calls: Calls, listener: Listener, onLoss: () => void): Listener {
  let waiting = 0
  let last = Promise.resolve()
  return (method, params) => {
    if (waiting === 0 && !isChunked(params)) return listener(method, params)
    waiting++
    last = last
      .then(() =>
        isChunked(params) ? pull(calls, params).then((whole) => argumentOf(whole as unknown[])) : params,
      )
      .then((whole) => listener(method, whole))
      .catch(onLoss)
      .finally(() => waiting--)
  }
}

function gone(message: string): KageError {
  return new KageError('KAGE_DAEMON_UNREACHABLE', message)
}
