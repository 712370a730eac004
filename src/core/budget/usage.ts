/** What answers of a model used, in tokens; `cachedTokens` are a part of `inputTokens`. */
export interface Usage {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  /** Whether the endpoint said nothing and the numbers are estimated from the characters. */
  readonly estimated: boolean
}

/** The tokens that so many characters are taken for where an endpoint does not say: 3.5 characters each. */
export function estimatedTokens(characters: number): number {
  return Math.ceil(characters / 3.5)
}
