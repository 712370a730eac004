import type { Usage } from '../../core/budget/usage.ts'
import { asRecord } from './unknown.ts'

/** More tokens than any window holds: whoever reports them is not believed. */
const tokensMax = 100_000_000

/** Usage as OpenAI and the compatible endpoints report it; null where it is missing or cannot be true. */
export function openAiUsage(reported: unknown): Usage | null {
  const usage = asRecord(reported)
  const inputTokens = tokens(usage?.['prompt_tokens'])
  const outputTokens = tokens(usage?.['completion_tokens'])
  if (usage === null || inputTokens === null || outputTokens === null) return null
  const cached =
    tokens(asRecord(usage['prompt_tokens_details'])?.['cached_tokens']) ??
    tokens(usage['prompt_cache_hit_tokens']) ??
    tokens(usage['cached_tokens']) ??
    0
  return { inputTokens, cachedTokens: Math.min(cached, inputTokens), outputTokens, estimated: false }
}

/** Usage as Anthropic reports it, whose input_tokens leave out what was read from or written to the cache. */
export function anthropicUsage(reported: unknown): Usage | null {
  const usage = asRecord(reported)
  const fresh = tokens(usage?.['input_tokens'])
  const outputTokens = tokens(usage?.['output_tokens'])
  if (usage === null || fresh === null || outputTokens === null) return null
  const cachedTokens = tokens(usage['cache_read_input_tokens']) ?? 0
  const written = tokens(usage['cache_creation_input_tokens']) ?? 0
  return { inputTokens: fresh + cachedTokens + written, cachedTokens, outputTokens, estimated: false }
}

/** What the endpoint says that an answer costs (OpenRouter's usage.cost, in USD); null where it says nothing credible. */
export function reportedCostUsd(reported: unknown): number | null {
  const cost = asRecord(reported)?.['cost']
  return typeof cost === 'number' && cost >= 0 && cost < 10_000 ? cost : null
}

function tokens(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= tokensMax
    ? value
    : null
}
