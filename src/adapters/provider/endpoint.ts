import type { ModelPlan } from '../../core/agent/model.ts'
import { limit } from '../../core/limit.ts'
import { ProviderFailure } from './provider.ts'
import { type Quirks, quirksOf } from './quirks.ts'
import { hiding } from './redact.ts'
import type { Patience } from './watchdog.ts'

/** Where questions go and what goes along; made once, so that no SDK has to look for anything in the environment. */
export interface Endpoint {
  /** The key of [providers.x]. */
  readonly provider: string
  readonly model: string
  /** Without a slash at the end. */
  readonly address: string
  /** What its family takes, in either protocol. */
  readonly quirks: Quirks
  readonly local: boolean
  readonly key: string | null
  readonly patience: Patience
  /** A text of the endpoint without the key. */
  readonly hide: (text: string) => string
}

const ownAddress = { openai: 'https://api.openai.com/v1', anthropic: 'https://api.anthropic.com' } as const

/** The endpoint of a plan; throws a ProviderFailure for an address or a key that cannot be sent. */
export function endpointOf(plan: ModelPlan, key: string | null, patience: Partial<Patience>): Endpoint {
  const url = parsed(plan)
  const local = isLoopback(url.hostname)
  const path = url.pathname.replace(/\/+$/, '')
  // Anthropic's SDK adds /v1 itself.
  const address = url.origin + (plan.api === 'anthropic' ? path.replace(/\/v1$/, '') : path) + url.search
  return {
    provider: plan.provider,
    model: plan.model,
    address,
    quirks: quirksOf(url.hostname),
    local,
    key: sendable(key),
    patience: {
      firstContentMs: local ? limit.firstContentLocalMs : limit.firstContentMs,
      idleMs: limit.idleContentMs,
      lookEveryMs: 1000,
      ...patience,
    },
    hide: hiding(key),
  }
}

function parsed({ baseUrl, api, provider }: ModelPlan): URL {
  const url = URL.parse(baseUrl ?? ownAddress[api])
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new ProviderFailure('request', `the base_url of ${provider} is no http address`)
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

// A header carries printable ASCII only; what fetch says about others would show the key.
function sendable(key: string | null): string | null {
  const trimmed = key?.trim() ?? ''
  if (trimmed === '') return null
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed
  throw new ProviderFailure('auth', 'the key has characters that no header can carry')
}
