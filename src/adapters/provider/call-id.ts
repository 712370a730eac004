import { randomBytes } from 'node:crypto'
import type { ChatMessage } from './provider.ts'

const accepted = /^[A-Za-z0-9_-]{1,40}$/

/** An id for a call that came without one. */
export function freshCallId(): string {
  return `call_${randomBytes(8).toString('hex')}`
}

/**
 * A conversation whose ids of calls every endpoint accepts: short, ASCII, each once. They are anything where the
 * conversation began with another provider; a result follows its call.
 */
export function withShortIds(messages: readonly ChatMessage[]): ChatMessage[] {
  const used = new Set<string>()
  const shortened = new Map<string, string>()
  const shorten = (id: string): string => {
    let short = accepted.test(id) && !used.has(id) ? id : `call_${used.size + 1}`
    while (used.has(short)) short += '_'
    used.add(short)
    shortened.set(id, short)
    return short
  }
  return messages.map((message) => {
    if (message.role === 'assistant')
      return { ...message, calls: message.calls.map((call) => ({ ...call, id: shorten(call.id) })) }
    if (message.role === 'tool') return { ...message, call: shortened.get(message.call) ?? message.call }
    return message
  })
}
