import { type Dialect, eventText, type Frame, type Parts } from './frame.ts'
import { openAiRefusal } from './openai-rule.ts'

/** OpenAI's Chat Completions, as the service streams them. */
export const openAiDialect: Dialect = {
  frames,
  errorFrame: (message) => eventText({ error: { message, type: 'server_error', param: null, code: null } }),
  keepAlive: ': keep-alive\n\n',
  errorBody: (status, message, code) => ({
    error: { message, type: types[status] ?? 'invalid_request_error', param: null, code },
  }),
  refusal: openAiRefusal,
}

const types: Readonly<Record<number, string>> = {
  402: 'insufficient_quota',
  429: 'rate_limit_error',
  500: 'server_error',
  502: 'server_error',
  503: 'server_error',
  529: 'server_error',
}

function* frames(parts: Parts): Generator<Frame> {
  const chunk = (delta: object, finish: string | null = null): string =>
    eventText({ ...envelope(parts), choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })
  yield { part: 'start', text: chunk({ role: 'assistant', content: '' }) }
  for (const piece of parts.reasoning) yield { part: 'content', text: chunk({ reasoning_content: piece }) }
  for (const content of parts.text) yield { part: 'content', text: chunk({ content }) }
  for (const [index, { id, name, pieces }] of parts.calls.entries()) {
    const begun = { index, id, type: 'function', function: { name, arguments: '' } }
    yield { part: 'arguments', text: chunk({ tool_calls: [begun] }) }
    for (const piece of pieces)
      yield { part: 'arguments', text: chunk({ tool_calls: [{ index, function: { arguments: piece } }] }) }
  }
  yield { part: 'end', text: chunk({}, parts.finish ?? (parts.calls.length > 0 ? 'tool_calls' : 'stop')) }
  const usage = usageOf(parts)
  if (usage !== null && parts.usageAsked)
    yield { part: 'end', text: eventText({ ...envelope(parts), choices: [], usage }) }
  yield { part: 'end', text: 'data: [DONE]\n\n' }
}

function envelope({ id, model }: Parts): object {
  return { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 1_760_000_000, model }
}

function usageOf({ usage, lie }: Parts): object | null {
  if (lie) return { prompt_tokens: -12, completion_tokens: 'many', total_tokens: 1e300 }
  if (usage === null) return null
  const { input, cached = 0, output, costUsd } = usage
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    ...(costUsd === undefined ? {} : { cost: costUsd }),
  }
}
