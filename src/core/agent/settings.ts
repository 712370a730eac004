import * as v from 'valibot'
import type { ModelPlan } from './model.ts'

/**
 * What the built-in agent is told, as `agent.json` in its spool. Beside it lie `task`, `outbox` (what the agent tells, a
 * report a line), `inbox/` (a file for each message to it, named by the message's id) and `conversation` (its own).
 */
export interface AgentSettings {
  /** Its full name, like `r1/coder-1`. */
  readonly agent: string
  readonly base: string
  readonly role: string
  readonly model: ModelPlan
  /** The spool of the attempt before this one, whose conversation goes on; null for the first. */
  readonly previous: string | null
}

const price = v.object({ input: v.number(), cached: v.number(), output: v.number() })
/** The shape of a model and its limits. */
export const modelSchema: v.GenericSchema<unknown, ModelPlan> = v.object({
  provider: v.string(),
  api: v.picklist(['openai', 'anthropic']),
  baseUrl: v.nullable(v.string()),
  model: v.string(),
  keyEnv: v.nullable(v.string()),
  price: v.nullable(price),
  limits: v.object({ turns: v.number(), tokens: v.number(), usd: v.nullable(v.number()) }),
})

/** The shape of `agent.json`. */
export const settingsSchema: v.GenericSchema<unknown, AgentSettings> = v.object({
  agent: v.string(),
  base: v.string(),
  role: v.string(),
  model: modelSchema,
  previous: v.nullable(v.string()),
})
