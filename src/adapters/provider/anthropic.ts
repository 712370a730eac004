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
  const { key, address, quirks } = endpoint
  const headers = {
    'anthropic-version': apiVersion,
    ...(quirks.anthropic.keyHeader && key !== null ? { 'x-api-key': key } : {}),
  }
  // Everything that the SDK would else read from the environment or the home directory is given; the transport brings
  // the key.
  const client = new Anthropic({
    apiKey: 'none',
    webhookKey: null,
    baseURL: address,
    fetch: transport(endpoint, headers),
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

// The SDK's own, whose shapes the questions have.
const apiVersion = '2026-10-21'
