import { type Fault, fault, hints, KageError } from '../../core/error.ts'
import { decodeValue, encodeValue } from './codec.ts'

/** One message of msgpack-RPC. */
export type Message =
  | {
      readonly kind: 'request'
      readonly id: number
      readonly method: string
      readonly params: readonly unknown[]
    }
  | { readonly kind: 'response'; readonly id: number; readonly error: unknown; readonly result: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: readonly unknown[] }

/** Reads a whole message; KAGE_FRAME when it is none of the three kinds. */
export function parseMessage(bytes: Uint8Array): Message {
  const value = decodeValue(bytes)
  if (!Array.isArray(value)) throw new KageError('KAGE_FRAME', 'A message is not an array.')
  const [type, first, second, third] = value as readonly unknown[]
  if (type === 0 && value.length === 4 && isId(first) && isMethod(second) && Array.isArray(third)) {
    return { kind: 'request', id: first, method: second, params: third }
  }
  if (type === 1 && value.length === 4 && isId(first))
    return { kind: 'response', id: first, error: second, result: third }
  if (type === 2 && value.length === 3 && isMethod(first) && Array.isArray(second)) {
    return { kind: 'notification', method: first, params: second }
  }
  throw new KageError('KAGE_FRAME', 'A message is no request, response or notification.')
}

/** The one argument of a call, an object; without any, or with Lua's empty table, it is the empty object. */
export function argumentOf(params: readonly unknown[]): unknown {
  if (params.length > 1) throw new KageError('KAGE_USAGE', 'A method takes one argument, an object.')
  const argument = params[0] ?? {}
  return Array.isArray(argument) && argument.length === 0 ? {} : argument
}

/** The bytes of a request, a response with a result, and a notification are these heads and one more value. */
export const head = {
  request: (id: number, method: string): readonly unknown[] => [0, id, method],
  response: (id: number): readonly unknown[] => [1, id, null],
  notification: (method: string): readonly unknown[] => [2, method],
} as const

/** A whole message out of its head and last value, and where the last value begins in it. */
export function messageOf(
  start: readonly unknown[],
  last: unknown,
): { readonly bytes: Buffer; readonly lastAt: number } {
  return { bytes: encodeValue([...start, last]), lastAt: encodeValue(start).length }
}

/** The fault that a peer's error stands for; an unknown code is a defect, not a promise. */
export function faultOfWire(error: unknown): Fault {
  const { code, message, hint, details } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as Record<string, unknown>
  if (typeof code !== 'string' || typeof message !== 'string')
    return fault('KAGE_INTERNAL', `The daemon answered: ${String(error)}`)
  const known = Object.hasOwn(hints, code) ? (code as Fault['code']) : 'KAGE_INTERNAL'
  return fault(
    known,
    known === code ? message : `${code}: ${message}`,
    typeof hint === 'string' ? hint : hints[known],
    typeof details === 'object' && details !== null ? (details as Fault['details']) : undefined,
  )
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff
}

function isMethod(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 64
}
