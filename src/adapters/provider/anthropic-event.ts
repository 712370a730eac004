import { addCall, addReasoning, addText, type Draft } from './draft.ts'
import type { Answer, Echo } from './provider.ts'
import { anthropicUsage } from './reported-usage.ts'
import { asRecord, asText } from './unknown.ts'

type Block = Record<string, unknown>

/** What an answer of Messages has beside the draft. */
export interface Reading {
  readonly thinking: Map<number, Block>
  reason: string
  reported: Block
}

export function emptyReading(): Reading {
  return { thinking: new Map(), reason: '', reported: {} }
}

const endings: ReadonlyMap<string, Answer['ended']> = new Map([
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['refusal', 'refused'],
])

/**
 * Puts an event of Messages into the draft and the reading; thinking blocks go back as they came. An answer has ended
 * only with message_stop: its reason comes before, and a cut in between is one.
 */
export function takeEvent(
  draft: Draft,
  reading: Reading,
  event: unknown,
  onText: (piece: string) => void,
): boolean {
  const { type, index, message, content_block: block, delta, usage } = asRecord(event) ?? {}
  const place = typeof index === 'number' ? index : 0
  switch (type) {
    case 'message_start':
      takeUsage(draft, reading, asRecord(message)?.['usage'])
      return false
    case 'content_block_start':
      return takeBlock(draft, reading, place, asRecord(block) ?? {}, onText)
    case 'content_block_delta':
      return takeDelta(draft, reading, place, asRecord(delta) ?? {}, onText)
    case 'message_delta':
      takeUsage(draft, reading, usage)
      reading.reason = asText(asRecord(delta)?.['stop_reason']) || reading.reason
      return true
    case 'message_stop':
      if (reading.reason !== '') draft.ended = endings.get(reading.reason) ?? 'done'
      return true
    default:
      return false
  }
}

/** The thinking blocks as Anthropic wants them back; null where none came. */
export function thinkingEcho(provider: string, { thinking }: Reading): Echo | null {
  const blocks = [...thinking].toSorted(([left], [right]) => left - right).map(([, block]) => block)
  return blocks.length === 0 ? null : { provider, value: blocks }
}

function takeBlock(
  draft: Draft,
  reading: Reading,
  place: number,
  block: Block,
  onText: (piece: string) => void,
): boolean {
  if (block['type'] === 'tool_use') {
    const begun = asRecord(block['input'])
    const whole = begun !== null && Object.keys(begun).length > 0 ? JSON.stringify(begun) : ''
    addCall(draft, place, { id: asText(block['id']), name: asText(block['name']), received: whole })
    return true
  }
  if (block['type'] === 'thinking' || block['type'] === 'redacted_thinking') {
    addReasoning(draft, asText(block['thinking']) + asText(block['data']))
    reading.thinking.set(place, { ...block })
    return true
  }
  return takeText(draft, asText(block['text']), onText)
}

function takeDelta(
  draft: Draft,
  reading: Reading,
  place: number,
  delta: Block,
  onText: (piece: string) => void,
): boolean {
  switch (delta['type']) {
    case 'text_delta':
      return takeText(draft, asText(delta['text']), onText)
    case 'input_json_delta':
      addCall(draft, place, { received: asText(delta['partial_json']) })
      return true
    case 'thinking_delta':
      extend(reading.thinking.get(place), 'thinking', asText(delta['thinking']))
      addReasoning(draft, asText(delta['thinking']))
      return true
    case 'signature_delta':
      extend(reading.thinking.get(place), 'signature', asText(delta['signature']))
      addReasoning(draft, asText(delta['signature']))
      return true
    default:
      return false
  }
}

function takeText(draft: Draft, piece: string, onText: (piece: string) => void): boolean {
  const text = addText(draft, piece)
  if (text !== '') onText(text)
  return text !== ''
}

function extend(block: Block | undefined, field: string, piece: string): void {
  if (block !== undefined) block[field] = asText(block[field]) + piece
}

// message_start tells the input, message_delta the output in the end, and sometimes both once more.
function takeUsage(draft: Draft, reading: Reading, reported: unknown): void {
  reading.reported = { ...reading.reported, ...withoutNulls(asRecord(reported) ?? {}) }
  draft.usage = anthropicUsage(reading.reported)
}

function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
