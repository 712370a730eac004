import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources'
import { withShortIds } from './call-id.ts'
import type { Endpoint } from './endpoint.ts'
import type { AnswerRequest, ChatMessage } from './provider.ts'
import { asRecord } from './unknown.ts'

/** A question in the words of Chat Completions that the endpoint's family takes. */
export function openAiBody(
  { model, provider, quirks: { openai: quirks } }: Endpoint,
  { system, messages, tools, outputTokensMax }: AnswerRequest,
): ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: [
      ...(system === '' ? [] : [{ role: quirks.systemRole, content: system.toWellFormed() }]),
      ...withShortIds(messages).map((message) =>
        messageOf(message, quirks.reasoningEchoed ? provider : null),
      ),
    ],
    ...(tools.length > 0
      ? { tools: tools.map((tool) => ({ type: 'function' as const, function: { ...tool } })) }
      : {}),
    [quirks.maxTokensField]: outputTokensMax,
    stream: true,
    ...(quirks.usageAsked ? { stream_options: { include_usage: true } } : {}),
  }
}

/** Reasoning goes back to the provider that it came from; null: to none. */
function messageOf(message: ChatMessage, provider: string | null): ChatCompletionMessageParam {
  const content = message.text.toWellFormed()
  if (message.role === 'user') return { role: 'user', content }
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.call, content }
  const echoed = message.echo?.provider === provider ? asRecord(message.echo.value) : null
  if (message.calls.length === 0) return { role: 'assistant', content, ...echoed }
  return {
    role: 'assistant',
    content,
    tool_calls: message.calls.map(({ id, name, input }) => ({
      id,
      type: 'function',
      // Arguments that were no JSON stand in the tool's answer; sent back as such, some endpoints fail on them.
      function: { name, arguments: JSON.stringify(input ?? {}).toWellFormed() },
    })),
    ...echoed,
  }
}
