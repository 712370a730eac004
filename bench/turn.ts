import OpenAI from 'openai'
import Anthropic from '@anthropic-ai/sdk'
import { openProvider } from '../src/adapters/provider/open.ts'
import { limit } from '../src/core/limit.ts'
import { parseModelScript } from '../src/dev/model/script.ts'
import { startModelServer } from '../src/dev/model/server.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, rounds } from './support/rounds.ts'

/**
 * A turn of 400 pieces of text and two calls, through Kage's provider (watchdog, limits, classes, one answer) and through
 * the bare SDK that is only read to its end; the same server of prepared answers, in turns, so that the ratio means
 * something where the figures do not.
 */
const text = Array.from({ length: 400 }, (_, index) => `word ${index} `)
const calls = [1, 2].map((line) => ({ tool: 'read', input: { path: 'src/price.js', line } }))
const server = await startModelServer(parseModelScript([{ text, calls }]))
const tools = [{ name: 'read', description: 'Reads a file.', parameters: { type: 'object' as const } }]
const ask = 'Make the tests pass.'

try {
  const bare = { openai: bareOpenAi(), anthropic: bareAnthropic() }
  for (const api of ['openai', 'anthropic'] as const) {
    const kage = kageTurn(api)
    const floor = bare[api]
    for (let warm = 0; warm < 20; warm += 1) {
      await kage()
      await floor()
    }
    const measured = await rounds(
      () => elapsedMs(kage),
      () => elapsedMs(floor),
      5000,
    )
    report({
      figure: `a turn of 400 pieces, ${api}`,
      kage: middle(measured.map((round) => round.kage)),
      floor: middle(measured.map((round) => round.floor)),
      aim: 'none',
      unit: 'ms',
      note: 'the floor is the bare SDK',
    })
  }
} finally {
  await server.close()
}

function kageTurn(api: 'openai' | 'anthropic'): () => Promise<void> {
  const baseUrl = api === 'openai' ? `${server.address}/v1` : server.address
  const limits = { turns: 1, tokens: 1, usd: null }
  const plan = { provider: 'bench', api, baseUrl, model: 'bench', keyEnv: null, price: null, limits }
  const provider = openProvider(plan, null)
  return async () => {
    let heard = 0
    const answer = await provider.answer({
      system: 'You are an agent.',
      messages: [{ role: 'user', text: ask }],
      tools,
      outputTokensMax: 1000,
      signal: new AbortController().signal,
      onText: (piece) => (heard += piece.length),
    })
    if (answer.calls.length !== 2 || heard > limit.answerCharacters) throw new Error('another answer')
  }
}

function bareOpenAi(): () => Promise<void> {
  const client = new OpenAI({ apiKey: 'none', baseURL: `${server.address}/v1`, maxRetries: 0 })
  return async () => {
    const stream = await client.chat.completions.create({
      model: 'bench',
      messages: [
        { role: 'system', content: 'You are an agent.' },
        { role: 'user', content: ask },
      ],
      tools: tools.map((tool) => ({ type: 'function' as const, function: tool })),
      stream: true,
      stream_options: { include_usage: true },
    })
    let heard = 0
    for await (const chunk of stream) heard += chunk.choices[0]?.delta.content?.length ?? 0
    if (heard === 0) throw new Error('another answer')
  }
}

function bareAnthropic(): () => Promise<void> {
  const client = new Anthropic({ apiKey: 'none', baseURL: server.address, maxRetries: 0 })
  return async () => {
    const stream = await client.messages.create({
      model: 'bench',
      max_tokens: 1000,
      system: 'You are an agent.',
      messages: [{ role: 'user', content: ask }],
      tools: tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters })),
      stream: true,
    })
    let heard = 0
    for await (const event of stream)
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
        heard += event.delta.text.length
    if (heard === 0) throw new Error('another answer')
  }
}
