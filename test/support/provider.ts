import type { AnswerRequest, ChatMessage, Provider } from '../../src/adapters/provider/provider.ts'
import { openProvider } from '../../src/adapters/provider/open.ts'
import type { Patience } from '../../src/adapters/provider/watchdog.ts'
import type { ModelPlan } from '../../src/core/agent/model.ts'

export type Api = ModelPlan['api']

export const apis: readonly Api[] = ['openai', 'anthropic']

/** A key that no text of Kage may ever show. */
export const plantedKey = 'sk-planted-0123456789'

/** A plan for the endpoint at an address. */
export function planFor(api: Api, address: string, model = 'ada'): ModelPlan {
  return {
    provider: 'prepared',
    api,
    baseUrl: api === 'openai' ? `${address}/v1` : address,
    model,
    keyEnv: 'PREPARED_KEY',
    price: null,
    limits: { turns: 10, tokens: 100_000, usd: null },
  }
}

/** The provider of a plan, with the patience of a test. */
export function providerFor(
  api: Api,
  address: string,
  patience: Partial<Patience> = {},
  key: string | null = plantedKey,
): Provider {
  return openProvider(planFor(api, address), key, { lookEveryMs: 10, ...patience })
}

/** A question with one tool; `heard` collects the text as it comes. */
export function question(
  given: Partial<AnswerRequest> = {},
): AnswerRequest & { readonly heard: string[]; readonly messages: readonly ChatMessage[] } {
  const heard: string[] = []
  return {
    system: 'You are an agent.',
    messages: [{ role: 'user', text: 'Mend the parser.' }],
    tools: [
      {
        name: 'read',
        description: 'Reads a file.',
        parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
      },
    ],
    outputTokensMax: 1000,
    signal: new AbortController().signal,
    onText: (piece) => heard.push(piece),
    heard,
    ...given,
  }
}
