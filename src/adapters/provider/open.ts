import type { ModelPlan } from '../../core/agent/model.ts'
import { endpointOf } from './endpoint.ts'
import type { Answer, AnswerRequest, Provider } from './provider.ts'
import type { Patience } from './watchdog.ts'

/**
 * The provider of a plan; the SDK that it needs is loaded with the first question. Throws a ProviderFailure where the
 * address or the key cannot be used at all. The environment of the process has no say in what is sent, or where to.
 */
export function openProvider(
  plan: ModelPlan,
  key: string | null,
  patience: Partial<Patience> = {},
): Provider {
  const endpoint = endpointOf(plan, key, patience)
  let opened: Promise<Provider> | null = null
  const open = async (): Promise<Provider> => {
    if (plan.api === 'openai') return (await import('./openai.ts')).openOpenAi(endpoint)
    return (await import('./anthropic.ts')).openAnthropic(endpoint)
  }
  return {
    answer: async (request: AnswerRequest): Promise<Answer> => {
      request.signal.throwIfAborted()
      opened ??= open()
      return (await opened).answer(request)
    },
  }
}
