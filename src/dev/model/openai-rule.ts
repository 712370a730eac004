import { asFields, asItems } from './request.ts'

/** Why OpenAI would refuse a request; null where it would not. */
export function openAiRefusal(body: Record<string, unknown>): string | null {
  const messages = asItems(body['messages']).map(asFields)
  if (messages.length === 0) return "Invalid 'messages': empty array."
  const unknown = messages.find(({ role }) => !['system', 'user', 'assistant', 'tool'].includes(String(role)))
  if (unknown !== undefined) return `Invalid value: '${String(unknown['role'])}' as a role of a message.`
  const open = new Set<string>()
  for (const message of messages) {
    const problem = message['role'] === 'tool' ? close(open, message) : unanswered(open)
    if (problem !== null) return problem
    for (const call of asItems(message['tool_calls']).map(asFields)) {
      const id = String(call['id'])
      if (!/^[\x21-\x7e]{1,40}$/.test(id)) return `Invalid 'tool_calls[].id': '${id}'.`
      if (typeof asFields(call['function'])['arguments'] !== 'string') return "Missing 'arguments'."
      open.add(id)
    }
  }
  return unanswered(open)
}

function close(open: Set<string>, message: Record<string, unknown>): string | null {
  if (open.delete(String(message['tool_call_id']))) return null
  return "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
}

function unanswered(open: ReadonlySet<string>): string | null {
  if (open.size === 0) return null
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id': ${[...open].join(', ')}`
}
