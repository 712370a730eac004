import { anthropicRefusal } from './anthropic-rule.ts'
import { type Dialect, eventText, type Frame, type Parts } from './frame.ts'

/** Anthropic's Messages, as the service streams them. */
export const anthropicDialect: Dialect = {
  frames,
  errorFrame: (message) =>
    eventText({ type: 'error', error: { type: 'overloaded_error', message } }, 'error'),
  keepAlive: eventText({ type: 'ping' }, 'ping'),
  errorBody: (status, message) => ({
    type: 'error',
    error: { type: types[status] ?? 'invalid_request_error', message },
    request_id: 'req_prepared',
  }),
  refusal: anthropicRefusal,
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

/** What a thinking block is signed with; a question that does not bring it back is refused. */
export function signatureOf(thinking: string): string {
  return Buffer.from(`signed:${thinking.length}`).toString('base64')
}

function* frames(parts: Parts): Generator<Frame> {
  const event = (part: Frame['part'], type: string, data: object): Frame => ({
    part,
    text: eventText({ type, ...data }, type),
  })
  const usage = usageOf(parts)
  yield event('start', 'message_start', { message: { ...envelope(parts), usage: usage?.begun ?? null } })
  let index = 0
  for (const block of blocksOf(parts)) {
    yield event(block.opens, 'content_block_start', { index, content_block: block.begun })
    if (index === 0) yield event('start', 'ping', {})
    for (const delta of block.deltas) yield event(block.part, 'content_block_delta', { index, delta })
    yield event('start', 'content_block_stop', { index })
    index += 1
  }
  const reason = parts.finish ?? (parts.calls.length > 0 ? 'tool_use' : 'end_turn')
  yield event('end', 'message_delta', {
    delta: { stop_reason: reason, stop_sequence: null },
    usage: usage?.ended ?? null,
  })
  yield event('end', 'message_stop', {})
}

interface Block {
  readonly part: 'content' | 'arguments'
  /** The beginning of a text is no content yet. */
  readonly opens: Frame['part']
  readonly begun: object
  readonly deltas: Iterable<object>
}

function* blocksOf({ reasoning, text, calls }: Parts): Generator<Block> {
  if (reasoning.length > 0) {
    const deltas = reasoning.map((thinking) => ({ type: 'thinking_delta', thinking }))
    const signature = { type: 'signature_delta', signature: signatureOf(reasoning.join('')) }
    yield {
      part: 'content',
      opens: 'content',
      begun: { type: 'thinking', thinking: '', signature: '' },
      deltas: [...deltas, signature],
    }
  }
  if (!Array.isArray(text) || text.length > 0)
    yield { part: 'content', opens: 'start', begun: { type: 'text', text: '' }, deltas: textDeltas(text) }
  for (const { id, name, pieces } of calls) {
    const deltas = ['', ...pieces].map((piece) => ({ type: 'input_json_delta', partial_json: piece }))
    yield { part: 'arguments', opens: 'arguments', begun: { type: 'tool_use', id, name, input: {} }, deltas }
  }
}

function* textDeltas(text: Iterable<string>): Generator<object> {
  for (const piece of text) yield { type: 'text_delta', text: piece }
}

function envelope({ id, model }: Parts): object {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  }
}

function usageOf({ usage, lie }: Parts): { begun: object; ended: object } | null {
  if (lie) return { begun: { input_tokens: -12, output_tokens: 1 }, ended: { output_tokens: 'many' } }
  if (usage === null) return null
  const { input, cached = 0, output } = usage
  const begun = {
    input_tokens: input - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
  }
  return { begun: { ...begun, output_tokens: 1 }, ended: { output_tokens: output } }
}
