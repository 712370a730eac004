import type { Socket } from 'node:net'
import { type Fault, faultOf, KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { encodeValue } from './codec.ts'
import type { Frames } from './frame.ts'
import { type Message, parseMessage } from './message.ts'

/** The method of the last notification before a peer that broke the rules is cut off; its argument is the fault. */
export const farewell = 'fault'

/** One connection as messages. */
export interface Wire {
  /** Sends a whole message; false when the connection is gone or its reader was too slow and is cut off. */
  readonly send: (bytes: Buffer) => boolean
  readonly pause: () => void
  readonly resume: () => void
  /** Ends the connection after what was sent. */
  readonly close: () => void
}

export interface WireOptions {
  readonly frames: Frames
  readonly onMessage: (message: Message) => void
  /** Called once; the fault says why, when it was not an ordinary end. */
  readonly onEnd: (fault: Fault | null) => void
}

/** Turns a socket into messages: malformed input and a reader that lags too far behind end this connection alone. */
export function openWire(socket: Socket, { frames, onMessage, onEnd }: WireOptions): Wire {
  let fault: Fault | null = null
  let over = false
  socket.on('data', (chunk: Buffer) => {
    if (over) return
    try {
      frames.push(chunk, (bytes) => over || onMessage(parseMessage(bytes)))
    } catch (thrown) {
      fault = faultOf(thrown)
      over = true
      socket.write(encodeValue([2, farewell, [{ ...fault }]]))
      leave()
    }
  })
  socket.on(
    'error',
    (error) =>
      void (fault ??= faultOf(
        new KageError('KAGE_DAEMON_UNREACHABLE', `The connection broke: ${error.message}.`),
      )),
  )
  socket.on('close', () => onEnd(fault))
  return {
    send: (bytes) => {
      if (over || !socket.writable) return false
      socket.write(bytes)
      if (socket.writableLength <= limit.unreadBytes) return true
      fault = faultOf(new KageError('KAGE_LIMIT', 'A client was cut off: it did not read what it asked for.'))
      over = true
      socket.destroy()
      return false
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => {
      over = true
      leave()
    },
  }

  function leave(): void {
    socket.destroySoon()
    setTimeout(() => socket.destroy(), limit.closeGraceMs).unref()
  }
}
