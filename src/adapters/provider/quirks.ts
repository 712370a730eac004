// In what endpoints of one protocol differ: a family of endpoints is a row, and what builds questions reads rows only.

/** What a family of endpoints takes in a question of Chat Completions. */
export interface OpenAiQuirks {
  /** The field that limits an answer. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens'
  /** The role under which the system text stands. */
  readonly systemRole: 'system' | 'developer'
  /** It is asked by `stream_options` to report its usage at the end of a stream. */
  readonly usageAsked: boolean
  /** Its reasoning goes back to it with the next question: DeepSeek refuses a question without it. */
  readonly reasoningEchoed: boolean
}

/** What a family of endpoints takes in a question of Messages. */
export interface AnthropicQuirks {
  /** The key is sent as `x-api-key`, too. */
  readonly keyHeader: boolean
}

/** What a family takes in either protocol. */
export interface Quirks {
  readonly openai: OpenAiQuirks
  readonly anthropic: AnthropicQuirks
}

interface Family extends Quirks {
  /** The hosts that serve it. */
  readonly hosts: readonly string[]
}

const compatible: Quirks = {
  openai: { maxTokensField: 'max_tokens', systemRole: 'system', usageAsked: true, reasoningEchoed: true },
  // Older compatible endpoints know only this header.
  anthropic: { keyHeader: true },
}

/** Every family, one row each; `compatible` is every host that no other row names. */
export const families: Readonly<Record<string, Family>> & { readonly compatible: Family } = {
  openai: {
    hosts: ['api.openai.com'],
    ...compatible,
    // Its newer models refuse `max_tokens`, and it tells no reasoning in Chat Completions.
    openai: {
      maxTokensField: 'max_completion_tokens',
      systemRole: 'system',
      usageAsked: true,
      reasoningEchoed: false,
    },
  },
  anthropic: { hosts: ['api.anthropic.com'], ...compatible, anthropic: { keyHeader: false } },
  compatible: { hosts: [], ...compatible },
}

/** The row of the family that a host serves. */
export function quirksOf(host: string): Quirks {
  const { openai, anthropic } =
    Object.values(families).find(({ hosts }) => hosts.includes(host)) ?? families.compatible
  return { openai, anthropic }
}
