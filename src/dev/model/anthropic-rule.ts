import { asFields, asItems } from './request.ts'

type Fields = Record<string, unknown>

/** Why Anthropic would refuse a request; null where it would not. */
export function anthropicRefusal(body: Fields, headers: NodeJS.Dict<string | string[]>): string | null {
  if (headers['anthropic-version'] === undefined) return 'anthropic-version: header is required'
  if (typeof body['max_tokens'] !== 'number') return 'max_tokens: Field required'
  const gone = ['temperature', 'top_p', 'top_k'].find((name) => name in body)
  if (gone !== undefined) return `${gone}: Extra inputs are not permitted`
  const messages = asItems(body['messages']).map(asFields)
  if (messages[0]?.['role'] !== 'user') return 'messages: first message must use the "user" role'
  return (
    messages.map((message, index) => refusalOf(message, messages[index + 1], index)).find(Boolean) ??
    used(messages)
  )
}

function refusalOf({ content }: Fields, next: Fields | undefined, index: number): string | null {
  const blocks = blocksOf(content)
  if (blocks.length === 0) return `messages.${index}: content must be non-empty`
  if (blocks.some(({ type, text }) => type === 'text' && text === ''))
    return `messages.${index}: text content blocks must be non-empty`
  const calls = idsOf(blocks, 'tool_use', 'id')
  const results = idsOf(leading(blocksOf(next?.['content'])), 'tool_result', 'tool_use_id')
  const missing = calls.find((id) => !results.includes(id))
  return missing === undefined
    ? null
    : `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing}`
}

function used(messages: readonly Fields[]): string | null {
  const blocks = messages.flatMap(({ content }) => blocksOf(content))
  const calls = idsOf(blocks, 'tool_use', 'id')
  const wrong = calls.find((id) => !/^[A-Za-z0-9_-]+$/.test(id))
  if (wrong !== undefined) return `tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$': ${wrong}`
  if (new Set(calls).size < calls.length) return '`tool_use` ids must be unique'
  const stray = idsOf(blocks, 'tool_result', 'tool_use_id').find((id) => !calls.includes(id))
  return stray === undefined ? null : `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}`
}

function blocksOf(content: unknown): Fields[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : asItems(content).map(asFields)
}

// Results stand before everything else in their message.
function leading(blocks: readonly Fields[]): readonly Fields[] {
  const end = blocks.findIndex(({ type }) => type !== 'tool_result')
  return end === -1 ? blocks : blocks.slice(0, end)
}

function idsOf(blocks: readonly Fields[], type: string, field: string): string[] {
  return blocks.filter((block) => block['type'] === type).map((block) => String(block[field]))
}
