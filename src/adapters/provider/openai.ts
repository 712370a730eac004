import OpenAI from 'openai'
import { answerOf } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { listen } from './listen.ts'
import { openAiEcho, takeChunk } from './openai-chunk.ts'
import { openAiBody } from './openai-request.ts'
import type { Provider } from './provider.ts'
import { transport } from './transport.ts'

/** OpenAI's Chat Completions, and every endpoint that speaks them. */
export function openOpenAi(endpoint: Endpoint): Provider {
  // Everything that the SDK would else read from the environment is given; the transport brings the key.
  const client = new OpenAI({
    apiKey: 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: endpoint.address,
    fetch: transport(endpoint, {}),
    maxRetries: 0,
    timeout: 2_147_483_647,
    logLevel: 'off',
  })
  return {
    answer: async (request) => {
      const draft = await listen(
        endpoint,
        request,
        (signal) => client.chat.completions.create(openAiBody(endpoint, request), { signal }),
        (draft, chunk) => takeChunk(draft, chunk, request.onText),
      )
      return answerOf(draft, request, openAiEcho(endpoint.provider, draft))
    },
  }
}
