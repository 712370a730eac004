import type { Attempt, ReportedUsage } from './script.ts'
import { piecesOf } from './script.ts'

/** A piece of a stream as it goes over the wire, and what it is for. */
export interface Frame {
  readonly part: 'start' | 'content' | 'arguments' | 'end'
  readonly text: string
}

/** One of the two protocols: how it streams an answer and how it tells of errors. */
export interface Dialect {
  readonly frames: (parts: Parts) => Iterable<Frame>
  readonly errorFrame: (message: string) => string
  readonly keepAlive: string
  readonly errorBody: (status: number, message: string, code: string | null) => unknown
  /** Why the real service would refuse the request; null where it would not. */
  readonly refusal: (body: Record<string, unknown>, headers: NodeJS.Dict<string | string[]>) => string | null
}

/** A prepared answer, ready to be written in either protocol. */
export interface Parts {
  readonly id: string
  readonly model: string
  readonly text: Iterable<string>
  readonly reasoning: readonly string[]
  readonly calls: readonly {
    readonly id: string
    readonly name: string
    readonly pieces: readonly string[]
  }[]
  readonly finish: string | null
  readonly usage: ReportedUsage | null
  /** The usage is nonsense, on purpose. */
  readonly lie: boolean
  /** The request asked for usage (OpenAI's stream_options). */
  readonly usageAsked: boolean
}

/** The parts of an attempt; `input` are the characters of the request. */
export function partsOf(
  attempt: Attempt,
  request: {
    readonly id: string
    readonly model: string
    readonly characters: number
    readonly usageAsked: boolean
  },
): Parts {
  const { fault } = attempt
  const hugeMb = typeof fault === 'object' && 'hugeMb' in fault ? fault.hugeMb : null
  const text = hugeMb === null ? piecesOf(attempt.text) : hugeText(hugeMb)
  const reasoning = piecesOf(attempt.reasoning)
  const calls = (attempt.calls ?? []).map((call, index) => ({
    id: call.id ?? `call_${request.id}_${index}`,
    name: call.tool,
    pieces: call.arguments === undefined ? jsonPieces(call.input ?? {}) : piecesOf(call.arguments),
  }))
  const output = [...piecesOf(attempt.text), ...reasoning, ...calls.flatMap((call) => call.pieces)].join('')
  const counted = { input: Math.ceil(request.characters / 4), output: Math.ceil(output.length / 4) }
  return {
    id: request.id,
    model: request.model,
    text,
    reasoning,
    calls,
    finish: attempt.finish ?? null,
    usage: attempt.usage === undefined ? counted : attempt.usage,
    lie: fault === 'lie',
    usageAsked: request.usageAsked,
  }
}

/** Everything of a stream that is written as server-sent events of JSON. */
export function eventText(data: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`
}

function jsonPieces(input: Readonly<Record<string, unknown>>): string[] {
  return JSON.stringify(input).match(/.{1,24}/gsu) ?? []
}

function* hugeText(megabytes: number): Generator<string> {
  const piece = 'lorem ipsum dolor '.repeat(3641)
  for (let sent = 0; sent < megabytes * 1_048_576; sent += piece.length) yield piece
}
