import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages'
import { withShortIds } from './call-id.ts'
import type { Endpoint } from './endpoint.ts'
import type { AnswerRequest, ChatMessage } from './provider.ts'
import { asList } from './unknown.ts'

/** A question in the words of Messages; the conversation so far is kept in the endpoint's cache for the next one. */
export function anthropicBody(
  { model, provider }: Endpoint,
  { system, messages, tools, outputTokensMax }: AnswerRequest,
): MessageCreateParamsStreaming {
  const turns = merged(withShortIds(messages).map((message) => turnOf(message, provider)))
  return {
    model,
    max_tokens: outputTokensMax,
    ...(system === ''
      ? {}
      : { system: [{ type: 'text', text: system.toWellFormed(), cache_control: { type: 'ephemeral' } }] }),
    messages: turns.map((turn, index) => (index === turns.length - 1 ? withCacheMark(turn) : turn)),
    ...(tools.length > 0 ? { tools: tools.map(toolOf) } : {}),
    stream: true,
  }
}

interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: ContentBlockParam[]
}

function turnOf(message: ChatMessage, provider: string): Turn {
  const text = message.text.toWellFormed()
  if (message.role === 'user') return { role: 'user', content: textBlocks(text) }
  if (message.role === 'tool') {
    const { call, failed } = message
    const result = { type: 'tool_result' as const, tool_use_id: call, content: text }
    return { role: 'user', content: [failed ? { ...result, is_error: true } : result] }
  }
  const thinking = message.echo?.provider === provider ? asList(message.echo.value) : []
  return {
    role: 'assistant',
    content: [
      ...(thinking as ContentBlockParam[]),
      ...textBlocks(text),
      ...message.calls.map(({ id, name, input }) => ({
        type: 'tool_use' as const,
        id,
        name,
        input: input ?? {},
      })),
    ],
  }
}

// An empty block is refused.
function textBlocks(text: string): ContentBlockParam[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }]
}

// All results of a turn have to stand in one message, right after their calls; what a person said comes behind them.
function merged(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = []
  for (const turn of turns.filter(({ content }) => content.length > 0)) {
    const last = result.at(-1)
    if (last?.role === turn.role) last.content.push(...turn.content)
    else result.push({ role: turn.role, content: [...turn.content] })
  }
  return result
}

function withCacheMark({ role, content }: Turn): MessageParam {
  const last = content.at(-1)
  if (last?.type !== 'text' && last?.type !== 'tool_result') return { role, content }
  return { role, content: [...content.slice(0, -1), { ...last, cache_control: { type: 'ephemeral' } }] }
}

function toolOf({ name, description, parameters }: AnswerRequest['tools'][number]): Tool {
  return { name, description, input_schema: { ...parameters, type: 'object' } }
}
