import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdsAsync } from '../../support/async-property.ts'
import { apis, providerFor, question } from '../../support/provider.ts'
import { parseModelScript } from '../../../src/dev/model/script.ts'
import { startModelServer } from '../../../src/dev/model/server.ts'

const textPiece = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/)
const input = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.jsonValue(), {
  noNullPrototype: true,
})
const call = fc.record({
  id,
  tool: fc.stringMatching(/^[a-z]{1,12}$/),
  input,
  cuts: fc.array(fc.nat(200), { maxLength: 6 }),
})
const answer = fc.record({
  text: fc.array(textPiece, { maxLength: 12 }),
  reasoning: fc.array(textPiece, { maxLength: 4 }),
  calls: fc.uniqueArray(call, { maxLength: 4, selector: (each) => each.id }),
  tokens: fc.tuple(fc.nat(1e6), fc.nat(1e6), fc.nat(1e6)),
  split: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
})

test('whatever is said in whatever pieces is the same answer by both protocols', async () => {
  await holdsAsync(
    fc.asyncProperty(answer, async ({ text, reasoning, calls, tokens: [fresh, cached, output], split }) => {
      const script = [
        {
          text,
          reasoning,
          calls: calls.map(({ id, tool, input, cuts }) => ({
            id,
            tool,
            arguments: pieces(JSON.stringify(input), cuts),
          })),
          usage: { input: fresh + cached, cached, output },
          split,
        },
      ]
      const server = await startModelServer(parseModelScript(script))
      try {
        for (const api of apis) {
          const asked = question()
          const { echo, ...rest } = await providerFor(api, server.address).answer(asked)
          expect(rest).toEqual({
            text: text.join(''),
            calls: calls.map((each) => ({
              id: each.id,
              name: each.tool,
              input: JSON.parse(JSON.stringify(each.input)),
              received: JSON.stringify(each.input),
            })),
            ended: calls.length > 0 ? 'tools' : 'done',
            usage: {
              inputTokens: fresh + cached,
              cachedTokens: cached,
              outputTokens: output,
              estimated: false,
            },
            costUsd: null,
          })
          expect(asked.heard).toEqual(text)
          expect(echo === undefined).toBe(reasoning.length === 0)
        }
      } finally {
        await server.close()
      }
    }),
    60,
  )
})

function pieces(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.filter((cut) => cut > 0 && cut < text.length))].toSorted((a, b) => a - b)
  const torn = [0, ...places].map((start, index) => text.slice(start, places[index]))
  return torn.every((piece) => piece.isWellFormed()) ? torn : [text]
}
