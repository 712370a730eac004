import { openProvider } from '../adapters/provider/open.ts'
import {
  type Answer,
  type ChatMessage,
  type Provider,
  ProviderFailure,
} from '../adapters/provider/provider.ts'
import { answerWithRetries } from '../adapters/provider/retry.ts'
import type { ModelPlan } from '../core/agent/model.ts'
import { KageError } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import type { Outbox } from './outbox.ts'
import type { Pane } from './pane/pane.ts'
import { tools } from './tool/tools.ts'

/** Asks the model one question; each failure is told, and rejects only when asking again makes no sense. */
export type Ask = (messages: readonly ChatMessage[], signal: AbortSignal) => Promise<Answer>

/** Opens the way to the model of a plan. */
export function openEndpoint(
  plan: ModelPlan,
  key: string | null,
  system: string,
  { pane, outbox }: { readonly pane: Pane; readonly outbox: Outbox },
): Ask {
  let shown: ReturnType<Pane['answer']> | null = null
  const onFailure = (failure: ProviderFailure, attempt: number, waitMs: number | null): void => {
    // What came of the answer that failed is over; the next one begins on a line of its own.
    shown?.end()
    outbox.tell('provider.failed', { kind: failure.kind, message: failure.message, attempt, waitMs })
    const then = waitMs === null ? '' : `; asking again in ${(waitMs / 1000).toFixed(1)} s`
    pane.say(`! ${plan.provider}: ${failure.message} (${failure.kind})${then}`, 'loud')
  }
  let provider: Provider | null = null
  return async (messages, signal) => {
    provider ??= opened(plan, key, onFailure)
    const answer = pane.answer()
    shown = answer
    try {
      const request = {
        system,
        messages,
        tools: tools.map(({ spec }) => spec),
        outputTokensMax: limit.answerTokens,
        signal,
        onText: answer.push,
      }
      return await answerWithRetries(provider, request, { onFailure })
    } finally {
      answer.end()
    }
  }
}

/** What the person is told when the endpoint does not answer for good. */
export function givenUp(plan: ModelPlan, failure: ProviderFailure): KageError {
  const { kind, message } = failure
  if (kind === 'auth')
    return new KageError(
      'KAGE_PROVIDER_AUTH',
      `${plan.provider} does not accept the key${of(plan)}: ${message}.`,
    )
  if (kind === 'quota')
    return new KageError('KAGE_PROVIDER_QUOTA', `${plan.provider} says that the plan is used up: ${message}.`)
  return new KageError('KAGE_PROVIDER_FAILED', `${plan.provider} did not answer (${kind}): ${message}.`)
}

function of({ keyEnv }: ModelPlan): string {
  return keyEnv === null ? '' : ` in ${keyEnv}`
}

function opened(
  plan: ModelPlan,
  key: string | null,
  onFailure: (failure: ProviderFailure, attempt: number, waitMs: null) => void,
): Provider {
  try {
    return openProvider(plan, key)
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) onFailure(thrown, 1, null)
    throw thrown
  }
}
