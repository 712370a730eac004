import { expect, test } from 'vitest'
import { openAnthropic } from '../../../src/adapters/provider/anthropic.ts'
import { endpointOf } from '../../../src/adapters/provider/endpoint.ts'
import { openOpenAi } from '../../../src/adapters/provider/openai.ts'
import type { ChatMessage } from '../../../src/adapters/provider/provider.ts'
import { families } from '../../../src/adapters/provider/quirks.ts'
import { modelServer } from '../../support/model-server.ts'
import { type Api, plantedKey, planFor, question } from '../../support/provider.ts'

const script = [{ text: ['Well.'] }, { text: ['Ada.'] }]
const messages: ChatMessage[] = [
  { role: 'user', text: 'Begin.' },
  {
    role: 'assistant',
    text: 'Well.',
    calls: [],
    echo: { provider: 'prepared', value: { reasoning_content: 'hm' } },
  },
  { role: 'user', text: 'Go on.' },
]
const rows = Object.entries(families)

test.each(rows)(
  '%s: a question of Chat Completions is what its row says',
  async (_, { openai, anthropic }) => {
    const server = await modelServer(script)
    const endpoint = { ...endpointFor('openai', server.address), quirks: { openai, anthropic } }
    await openOpenAi(endpoint).answer(question({ messages }))
    const { body } = server.requests[0] ?? {}
    const names = ['max_tokens', 'max_completion_tokens'].filter((name) => body?.[name] === 1000)
    expect(names).toEqual([openai.maxTokensField])
    expect(body).toMatchObject({ messages: [{ role: openai.systemRole }, {}, {}, {}] })
    expect('stream_options' in (body ?? {})).toBe(openai.usageAsked)
    expect(JSON.stringify(body).includes('reasoning_content')).toBe(openai.reasoningEchoed)
  },
)

test.each(rows)('%s: a question of Messages is what its row says', async (_, { openai, anthropic }) => {
  const server = await modelServer(script)
  const endpoint = { ...endpointFor('anthropic', server.address), quirks: { openai, anthropic } }
  await openAnthropic(endpoint).answer(question())
  expect(server.requests[0]?.headers['x-api-key']).toBe(anthropic.keyHeader ? plantedKey : undefined)
})

function endpointFor(api: Api, address: string): ReturnType<typeof endpointOf> {
  return endpointOf(planFor(api, address), plantedKey, { lookEveryMs: 10 })
}
