import { type Fault, KageError } from '../../core/error.ts'
import { isChunked } from './chunk.ts'
import { faultOfWire, head, type Message, messageOf } from './message.ts'

/** The questions of a client that are under way. */
export interface Calls {
  /** Asks; KAGE_TIMEOUT after its time, whatever still comes. */
  readonly call: (method: string, params: readonly unknown[], timeoutMs?: number) => Promise<unknown>
  readonly settle: (response: Extract<Message, { kind: 'response' }>) => void
  /** Fails what is under way and whatever is asked from now on. */
  readonly end: (why: KageError) => void
}

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: KageError) => void
}

/** Makes the questions of one connection. */
export function createCalls(send: (bytes: Buffer) => boolean): Calls {
  const pending = new Map<number, Pending>()
  let lastId = 0
  let ended: KageError | null = null
  return {
    call: (method, params, timeoutMs) => {
      const id = (lastId = (lastId + 1) % 0xffffffff)
      return new Promise((resolve, reject) => {
        if (ended !== null) return reject(ended)
        pending.set(
          id,
          timed({ resolve, reject }, timeoutMs, () => expire(id, method, timeoutMs ?? 0)),
        )
        send(messageOf(head.request(id, method), params).bytes)
      })
    },
    settle: ({ id, error, result }) => {
      const waiting = pending.get(id)
      pending.delete(id)
      if (error === null) waiting?.resolve(result)
      else waiting?.reject(errorOf(faultOfWire(error)))
    },
    end: (why) => {
      ended ??= why
      for (const { reject } of pending.values()) reject(ended)
      pending.clear()
    },
  }

  /** A late answer is wanted by nobody; a large one is taken off the server's shelf. */
  function expire(id: number, method: string, timeoutMs: number): void {
    pending
      .get(id)
      ?.reject(new KageError('KAGE_TIMEOUT', `No answer to ${method} came within ${timeoutMs} ms.`))
    const resolve = (result: unknown): void => {
      if (isChunked(result)) send(messageOf(head.notification('chunk.free'), [{ id: result.$chunked }]).bytes)
    }
    pending.set(id, { resolve, reject: () => {} })
  }
}

/** The error that a fault stands for. */
export function errorOf({ code, message, hint, details }: Fault): KageError {
  return new KageError(code, message, hint, details)
}

function timed(pending: Pending, timeoutMs: number | undefined, expire: () => void): Pending {
  if (timeoutMs === undefined) return pending
  const timer = setTimeout(expire, timeoutMs)
  return {
    resolve: (result) => {
      clearTimeout(timer)
      pending.resolve(result)
    },
    reject: (error) => {
      clearTimeout(timer)
      pending.reject(error)
    },
  }
}
