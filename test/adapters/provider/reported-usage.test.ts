import { expect, test } from 'vitest'
import {
  anthropicUsage,
  openAiUsage,
  reportedCostUsd,
} from '../../../src/adapters/provider/reported-usage.ts'

const usage = (inputTokens: number, cachedTokens: number, outputTokens: number): unknown => ({
  inputTokens,
  cachedTokens,
  outputTokens,
  estimated: false,
})

test.each([
  [{ prompt_tokens: 9, completion_tokens: 2 }, usage(9, 0, 2)],
  [{ prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } }, usage(9, 4, 2)],
  [
    { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: null, prompt_cache_hit_tokens: 5 },
    usage(9, 5, 2),
  ],
  [{ prompt_tokens: 9, completion_tokens: 2, cached_tokens: 6 }, usage(9, 6, 2)],
  [{ prompt_tokens: 9, completion_tokens: 2, cached_tokens: 60 }, usage(9, 9, 2)],
  [{ prompt_tokens: 9, completion_tokens: 2, cached_tokens: -1 }, usage(9, 0, 2)],
  [{ prompt_tokens: -9, completion_tokens: 2 }, null],
  [{ prompt_tokens: Number.NaN, completion_tokens: 2 }, null],
  [{ prompt_tokens: '9', completion_tokens: 2 }, null],
  [{ prompt_tokens: 1e12, completion_tokens: 2 }, null],
  [{ prompt_tokens: 9.5, completion_tokens: 2 }, null],
  [{ prompt_tokens: 9 }, null],
  [null, null],
  ['9', null],
])('OpenAI: of %j %j is believed', (reported, believed) => {
  expect(openAiUsage(reported)).toEqual(believed)
})

test.each([
  [{ input_tokens: 9, output_tokens: 2 }, usage(9, 0, 2)],
  [
    { input_tokens: 9, output_tokens: 2, cache_read_input_tokens: 30, cache_creation_input_tokens: 5 },
    usage(44, 30, 2),
  ],
  [{ input_tokens: 9, output_tokens: 2, cache_read_input_tokens: null }, usage(9, 0, 2)],
  [{ input_tokens: -9, output_tokens: 2 }, null],
  [{ input_tokens: 9, output_tokens: 'many' }, null],
  [[], null],
])('Anthropic: of %j %j is believed', (reported, believed) => {
  expect(anthropicUsage(reported)).toEqual(believed)
})

test.each([
  [{ cost: 0.0123 }, 0.0123],
  [{ cost: 0 }, 0],
  [{ cost: -1 }, null],
  [{ cost: Number.NaN }, null],
  [{ cost: '1' }, null],
  [{ cost: 1e9 }, null],
  [undefined, null],
])('of %j the cost %s is believed', (reported, cost) => {
  expect(reportedCostUsd(reported)).toBe(cost)
})
