import type { ChatMessage } from '../adapters/provider/provider.ts'
import { estimatedTokens } from '../core/budget/usage.ts'

/**
 * The conversation without the output of old tool calls: the last messages, of so many tokens, stay as they are, and no
 * message goes, so that each call keeps its result. The same conversation where there is nothing to leave out.
 */
export function pruned(messages: readonly ChatMessage[], recentTokens: number): readonly ChatMessage[] {
  let left = recentTokens
  const recentFrom = messages.findLastIndex((message) => (left -= estimatedTokens(charactersOf(message))) < 0)
  const result = messages.map((message, index) => (index <= recentFrom ? shortened(message) : message))
  return result.some((message, index) => message !== messages[index]) ? result : messages
}

function shortened(message: ChatMessage): ChatMessage {
  if (message.role !== 'tool' || message.text.length <= shortCharacters) return message
  return { ...message, text: `(${message.text.length} characters of old output were left out)` }
}

/** What a message takes of the model's window, in characters. */
export function charactersOf(message: ChatMessage): number {
  const calls = message.role === 'assistant' ? message.calls : []
  return message.text.length + calls.reduce((sum, call) => sum + call.name.length + call.received.length, 0)
}

const shortCharacters = 200
