import type { Price } from '../budget/price.ts'

/** How the built-in agent reaches its model and where it ends. */
export interface ModelPlan extends ModelChoice {
  readonly limits: AgentLimits
}

/** A model and how it is reached; a key is never part of it, only its variable's name. */
export interface ModelChoice {
  /** The key of [providers.x]. */
  readonly provider: string
  readonly api: 'openai' | 'anthropic'
  /** Null: the SDK's own address. */
  readonly baseUrl: string | null
  readonly model: string
  /** The variable that holds the key; null where the endpoint wants none. */
  readonly keyEnv: string | null
  /** Null where nobody said what it costs. */
  readonly price: Price | null
}

/** Where an agent has to end: answers of the model, tokens of all answers, USD (null: no limit). */
export interface AgentLimits {
  readonly turns: number
  readonly tokens: number
  readonly usd: number | null
}
