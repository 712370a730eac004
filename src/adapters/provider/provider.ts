import type { Usage } from '../../core/budget/usage.ts'

/** One endpoint with one model, whichever protocol it speaks. */
export interface Provider {
  /** Asks once, as a stream; rejects with a ProviderFailure, or with the signal's reason where it was aborted. */
  answer(request: AnswerRequest): Promise<Answer>
}

export interface AnswerRequest {
  /** What stands before the conversation. */
  readonly system: string
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ToolSpec[]
  readonly outputTokensMax: number
  readonly signal: AbortSignal
  /** Told of each piece of text as it comes, for the transcript. */
  readonly onText: (piece: string) => void
}

/** A conversation in the house's own words; each provider turns it into its protocol's. */
export type ChatMessage =
  | { readonly role: 'user'; readonly text: string }
  | {
      readonly role: 'assistant'
      readonly text: string
      readonly calls: readonly ToolUse[]
      readonly echo?: Echo
    }
  | { readonly role: 'tool'; readonly call: string; readonly text: string; readonly failed: boolean }

/** What an endpoint wants back unchanged in the next question (DeepSeek's reasoning, Anthropic's thinking blocks); opaque to the agent. */
export interface Echo {
  readonly provider: string
  readonly value: unknown
}

/** A tool that the model asked for. `input` is null where its arguments were no JSON object: `received` is what came. */
export interface ToolUse {
  readonly id: string
  readonly name: string
  readonly input: Readonly<Record<string, unknown>> | null
  readonly received: string
}

export interface ToolSpec {
  readonly name: string
  readonly description: string
  /** JSON Schema of an object. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface Answer {
  readonly text: string
  readonly calls: readonly ToolUse[]
  readonly echo?: Echo
  /** `length`: cut at outputTokensMax; `refused`: the model would not. */
  readonly ended: 'done' | 'tools' | 'length' | 'refused'
  readonly usage: Usage
  /** What the endpoint itself says it costs, in USD (OpenRouter); else null. */
  readonly costUsd: number | null
}

/**
 * What a failure means for what to do next: auth, quota → stop and say so; rate → wait; overload, network, stall → try
 * again; context → too long; request → a defect or a wrong setting, never tried again.
 */
export type FailureKind = 'auth' | 'quota' | 'rate' | 'overload' | 'network' | 'stall' | 'context' | 'request'

/** An endpoint that did not answer as it should. */
export class ProviderFailure extends Error {
  readonly kind: FailureKind
  /** How long the endpoint asked to be left alone; null where it did not say. */
  readonly waitMs: number | null

  constructor(kind: FailureKind, message: string, waitMs: number | null = null) {
    super(message)
    this.name = 'ProviderFailure'
    this.kind = kind
    this.waitMs = waitMs
  }
}
