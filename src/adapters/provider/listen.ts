import type { Draft } from './draft.ts'
import { emptyDraft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { failureOf } from './failure.ts'
import { type AnswerRequest, ProviderFailure } from './provider.ts'
import { startWatchdog } from './watchdog.ts'

/** Asks, and opens the stream of the answer's events. */
type Ask = (signal: AbortSignal) => Promise<AsyncIterable<unknown>>

/** Puts an event into the draft and says whether it was content. */
type Take = (draft: Draft, event: unknown) => boolean

/**
 * Listens to an answer until it ends, is full, falls silent or is aborted. Both SDKs end their loop without an error
 * when a signal is aborted, so that the signals are looked at after it.
 */
export async function listen(
  endpoint: Endpoint,
  request: AnswerRequest,
  ask: Ask,
  take: Take,
): Promise<Draft> {
  const draft = emptyDraft()
  const watchdog = startWatchdog(endpoint.patience)
  const signal = AbortSignal.any([request.signal, watchdog.signal])
  const judge = (thrown?: unknown): void => {
    request.signal.throwIfAborted()
    // Nothing is missing of an answer that has ended; some endpoints go on in silence, or break off then.
    if (draft.ended !== null) return
    if (watchdog.signal.aborted) throw stalled(watchdog.allowedMs())
    if (thrown !== undefined) throw failureOf(thrown, endpoint)
  }
  try {
    for await (const event of events(ask, signal, judge)) {
      if (take(draft, event)) watchdog.content()
      if (draft.full) return draft
    }
    judge()
    return draft
  } finally {
    watchdog.close()
  }
}

// Only what the SDK throws goes through the judgement; an error of who listens is a defect and stays one.
async function* events(ask: Ask, signal: AbortSignal, judge: (thrown: unknown) => void): AsyncGenerator {
  try {
    for await (const event of await ask(signal)) yield event
  } catch (error) {
    judge(error)
  }
}

function stalled(allowedMs: number): ProviderFailure {
  return new ProviderFailure('stall', `nothing came for ${Math.round(allowedMs / 1000)} s`)
}
