import { addCall, addReasoning, addText, type Draft } from './draft.ts'
import { type Answer, type Echo, ProviderFailure } from './provider.ts'
import { openAiUsage, reportedCostUsd } from './reported-usage.ts'
import { asList, asRecord, asText } from './unknown.ts'

const endings: ReadonlyMap<string, Answer['ended']> = new Map([
  ['length', 'length'],
  ['model_length', 'length'],
  ['max_tokens', 'length'],
  ['content_filter', 'refused'],
  ['sensitive', 'refused'],
])
// Finish reasons that are no end of an answer: OpenRouter's, DeepSeek's, Z.ai's.
const broken = /^(error|insufficient_system_resource|network_error)$/

/** Puts a chunk of Chat Completions into the draft; nothing about its shape is taken for granted. */
export function takeChunk(draft: Draft, chunk: unknown, onText: (piece: string) => void): boolean {
  const { usage, choices } = asRecord(chunk) ?? {}
  draft.usage = openAiUsage(usage) ?? draft.usage
  draft.costUsd = reportedCostUsd(usage) ?? draft.costUsd
  const choice = asRecord(asList(choices)[0])
  if (choice === null) return false
  const content = takeDelta(draft, asRecord(choice['delta']) ?? {}, onText)
  const finish = asText(choice['finish_reason'])
  if (broken.test(finish)) throw new ProviderFailure('overload', `the endpoint gave up: ${finish}`)
  // A refusal that came in pieces stays one.
  if (finish !== '') draft.ended = endings.get(finish) ?? draft.ended ?? 'done'
  return content || finish !== ''
}

/** What DeepSeek and OpenRouter want back with the next question; null where nothing came. */
export function openAiEcho(provider: string, draft: Draft): Echo | null {
  return draft.reasoning === '' ? null : { provider, value: { [draft.reasoningField]: draft.reasoning } }
}

function takeDelta(draft: Draft, delta: Record<string, unknown>, onText: (piece: string) => void): boolean {
  const refusal = asText(delta['refusal'])
  if (refusal !== '') draft.ended = 'refused'
  const text = addText(draft, contentText(delta['content']) + refusal)
  if (text !== '') onText(text)
  const field = reasoningFields.find((name) => asText(delta[name]) !== '')
  if (field !== undefined) draft.reasoningField ||= field
  if (field !== undefined) addReasoning(draft, asText(delta[field]))
  const calls = asList(delta['tool_calls'])
  for (const [place, call] of calls.entries()) takeCall(draft, asRecord(call) ?? {}, place)
  return text !== '' || field !== undefined || calls.length > 0
}

// DeepSeek, Z.ai and Moonshot use the one, OpenRouter and vLLM the other.
const reasoningFields = ['reasoning_content', 'reasoning']

// Mistral sends some content as a list of parts.
function contentText(content: unknown): string {
  const parts = asList(content).map((part) => asText(asRecord(part)?.['text']))
  return asText(content) + parts.join('')
}

function takeCall(draft: Draft, call: Record<string, unknown>, place: number): void {
  const { index, id } = call
  const named = asRecord(call['function'])
  const known = typeof index === 'number' && Number.isInteger(index) ? index : place
  addCall(draft, known, {
    id: asText(id),
    name: asText(named?.['name']),
    received: argumentsText(named?.['arguments']),
  })
}

// A few endpoints send arguments as an object instead of its text.
function argumentsText(value: unknown): string {
  return asRecord(value) === null ? asText(value) : JSON.stringify(value)
}
