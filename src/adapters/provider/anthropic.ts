import Anthropic from '@anthropic-ai/sdk'
import { emptyReading, takeEvent, thinkingEcho } from './anthropic-event.ts'
import { anthropicBody } from './anthropic-request.ts'
import { answerOf } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { listen } from './listen.ts'
import type { Provider } from './provider.ts'
import { transport } from './transport.ts'

/** Anthropic's Messages, and every endpoint that speaks them. */
export function openAnthropic(endpoint: Endpoint): Provider {
  const { key, address, own } = endpoint
  // Everything that the SDK would else read from the environment or the home directory is given.
  const client = new Anthropic({
    apiKey: key ?? 'none',
    webhookKey: null,
    baseURL: address,
    defaultHeaders: {
      accept: 'text/event-stream',
      'user-agent': 'Kage',
      'anthropic-version': apiVersion,
      authorization: key === null ? null : `Bearer ${key}`,
      // Older compatible endpoints know only this one.
      ...(own || key === null ? {} : { 'x-api-key': key }),
    },
    fetch: transport(endpoint),
    maxRetries: 0,
    timeout: 2_147_483_647,
    logLevel: 'off',
    openTelemetry: false,
  })
  return {
    answer: async (request) => {
      const reading = emptyReading()
      const draft = await listen(
        endpoint,
        request,
        (signal) => client.messages.create(anthropicBody(endpoint, request), { signal }),
        (draft, event) => takeEvent(draft, reading, event, request.onText),
      )
      return answerOf(draft, request, thinkingEcho(endpoint.provider, reading))
    },
  }
}

// The SDK's own; given because ANTHROPIC_CUSTOM_HEADERS could name another.
const apiVersion = '2026-10-21'
