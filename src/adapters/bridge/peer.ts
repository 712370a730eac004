import type { Socket } from 'node:net'
import { type Fault, faultOf, KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { createShelf, isChunked } from './chunk.ts'
import { createFrames } from './frame.ts'
import { argumentOf, head, type Message, messageOf } from './message.ts'
import { openWire } from './wire.ts'

/** Someone who is connected to a server. */
export interface Peer {
  readonly id: number
  /** Whether its hello was accepted. */
  readonly greeted: boolean
  /** Ends with the connection. */
  readonly gone: AbortSignal
  /** Sends a notification; false when the peer is gone or was cut off for not reading. */
  notify(method: string, params: unknown): boolean
  close(): void
}

export interface Answering {
  /** Answers a request; a KageError reaches the peer as code, message and hint, anything else as KAGE_INTERNAL. */
  readonly methods: (method: string, params: unknown, peer: Peer) => Promise<unknown>
  readonly onClose?: (peer: Peer) => void
  /** How long a connection without a hello may be silent before it is closed. */
  readonly helloMs?: number
  /** Told of whatever was thrown that is not a KageError, for the log. */
  readonly onDefect?: (thrown: unknown, method: string) => void
}

/** Serves one connection until it ends. */
export function openPeer(socket: Socket, id: number, answering: Answering): Peer {
  const { methods, onClose, onDefect, helloMs = limit.helloMs } = answering
  const frames = createFrames(limit.frameBytesBeforeHello)
  const shelf = createShelf()
  let greeted = false
  let pending = 0
  const wire = openWire(socket, { frames, onMessage: receive, onEnd: () => onClose?.(peer) })
  const peer: Peer = {
    id,
    get greeted() {
      return greeted
    },
    gone: endOf(socket),
    notify: (method, params) => send(head.notification(method), [params], (chunked) => [chunked]),
    close: () => wire.close(),
  }
  const silence = whenSilent(socket, helloMs, () => !greeted && pending === 0 && wire.close())
  return peer

  function receive(message: Message): void {
    if (message.kind === 'response') throw new KageError('KAGE_FRAME', 'Nothing was asked.')
    silence.refresh()
    if (++pending === limit.requestsPerClient) wire.pause()
    void answer(message).finally(() => {
      if (pending-- === limit.requestsPerClient) wire.resume()
    })
  }

  async function answer(message: Exclude<Message, { kind: 'response' }>): Promise<void> {
    try {
      const result = await perform(message.method, message.params)
      if (message.kind === 'request') send(head.response(message.id), result ?? null, (chunked) => chunked)
    } catch (thrown) {
      if (!(thrown instanceof KageError)) onDefect?.(thrown, message.method)
      if (message.kind === 'request') wire.send(messageOf([1, message.id, shown(thrown)], null).bytes)
    }
  }

  async function perform(method: string, params: readonly unknown[]): Promise<unknown> {
    const argument = argumentOf(params)
    if (method.startsWith('chunk.') && !greeted) throw new KageError('KAGE_FORBIDDEN', 'Say hello first.')
    const chunk = shelf.answer(method, argument)
    if (method.startsWith('chunk.')) return chunk
    const result = await methods(
      method,
      isChunked(argument) ? argumentOf(shelf.take(argument)) : argument,
      peer,
    )
    greeted ||= method === 'hello'
    if (greeted) frames.allow(limit.frameBytes)
    return result
  }

  function send(start: readonly unknown[], last: unknown, name: (chunked: object) => unknown): boolean {
    const { bytes, lastAt } = messageOf(start, last)
    if (bytes.length <= limit.frameBytes) return wire.send(bytes)
    return wire.send(messageOf(start, name(shelf.keep(bytes.subarray(lastAt)))).bytes)
  }
}

/** Calls back again and again while a connection has asked for nothing; whoever never says hello holds a place that others need. */
function whenSilent(socket: Socket, ms: number, callback: () => void): NodeJS.Timeout {
  const timer = setInterval(callback, ms).unref()
  socket.once('close', () => clearInterval(timer))
  return timer
}

function endOf(socket: Socket): AbortSignal {
  const ended = new AbortController()
  socket.once('close', () => ended.abort())
  return ended.signal
}

function shown(thrown: unknown): Fault {
  const found = faultOf(thrown)
  return { ...found, message: found.message.slice(0, limit.faultCharacters) }
}
