import { limit } from '../../core/limit.ts'
import {
  type Answer,
  type AnswerRequest,
  type FailureKind,
  type Provider,
  ProviderFailure,
} from './provider.ts'

const attempts: Readonly<Record<FailureKind, number>> = {
  auth: 1,
  quota: 1,
  context: 1,
  request: 1,
  rate: limit.rateAttempts,
  overload: limit.answerAttempts,
  network: limit.answerAttempts,
  stall: limit.answerAttempts,
}

/**
 * How long to wait before the next attempt after `attempt` of them (from 1); null where there is none. What the
 * endpoint asked for is kept, and not waited for where it is too long; else the wait doubles, with half of it by lot.
 */
export function nextWait(
  { kind, waitMs }: Pick<ProviderFailure, 'kind' | 'waitMs'>,
  attempt: number,
  random: () => number,
): number | null {
  if (attempt >= attempts[kind]) return null
  const doubled = Math.min((kind === 'rate' ? 2000 : 500) * 2 ** (attempt - 1), 60_000)
  const jittered = Math.round(doubled * (0.5 + random() / 2))
  const wait = Math.max(waitMs ?? 0, jittered)
  return wait > limit.rateWaitMs ? null : wait
}

export interface Retrying {
  /** Told of each failure and of the wait that follows; null: it was the last one. */
  readonly onFailure: (
    failure: ProviderFailure,
    attempt: number,
    waitMs: number | null,
  ) => void | Promise<void>
  readonly random?: () => number
  readonly pause?: (waitMs: number, signal: AbortSignal) => Promise<void>
}

/** Asks until there is an answer or no sense in asking again; rejects with the last failure, or as the signal says. */
export async function answerWithRetries(
  provider: Provider,
  request: AnswerRequest,
  { onFailure, random = Math.random, pause = pauseFor }: Retrying,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    request.signal.throwIfAborted()
    try {
      return await provider.answer(request)
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error
      const waitMs = nextWait(error, attempt, random)
      await onFailure(error, attempt, waitMs)
      if (waitMs === null) throw error
      await pause(waitMs, request.signal)
    }
  }
}

async function pauseFor(waitMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(finish, waitMs)
    signal.addEventListener('abort', finish, { once: true })
    function finish(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      if (signal.aborted) reject(signal.reason as Error)
      else resolve()
    }
  })
}
