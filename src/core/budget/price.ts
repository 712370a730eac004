import type { Usage } from './usage.ts'

/** What a model costs, in USD per million tokens. */
export interface Price {
  readonly input: number
  readonly cached: number
  readonly output: number
}

/** What some usage costs in USD; null where the price is unknown, which is never the same as 0. */
export function costOf(usage: Usage, price: Price | null): number | null {
  if (price === null) return null
  const fresh = Math.max(0, usage.inputTokens - usage.cachedTokens)
  const cost = fresh * price.input + usage.cachedTokens * price.cached + usage.outputTokens * price.output
  return cost / 1e6
}
