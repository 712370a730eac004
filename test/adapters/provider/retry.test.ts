import { expect, test } from 'vitest'
import { type FailureKind, type Provider, ProviderFailure } from '../../../src/adapters/provider/provider.ts'
import { answerWithRetries, nextWait } from '../../../src/adapters/provider/retry.ts'
import { limit } from '../../../src/core/limit.ts'
import { modelServer } from '../../support/model-server.ts'
import { apis, providerFor, question } from '../../support/provider.ts'

const waits: [FailureKind, number | null, number, number | null][] = [
  ['auth', null, 1, null],
  ['quota', 1000, 1, null],
  ['context', null, 1, null],
  ['request', null, 1, null],
  ['overload', null, 1, 375],
  ['overload', null, 2, 750],
  ['overload', null, limit.answerAttempts, null],
  ['overload', 30_000, 1, 30_000],
  ['overload', 121_000, 1, null],
  ['network', null, 1, 375],
  ['stall', null, 3, null],
  ['rate', null, 1, 1500],
  ['rate', 100, 1, 1500],
  ['rate', 90_000, 1, 90_000],
  ['rate', limit.rateWaitMs, 1, limit.rateWaitMs],
  ['rate', limit.rateWaitMs + 1, 1, null],
  ['rate', null, 5, 24_000],
  ['rate', null, limit.rateAttempts, null],
]

test.each(waits)(
  'after %s (asked for %s ms), attempt %i, the wait is %s ms',
  (kind, waitMs, attempt, wait) => {
    expect(nextWait({ kind, waitMs }, attempt, () => 0.5)).toBe(wait)
  },
)

test.each(apis)('%s: an answer comes after two failures, each of them told', async (api) => {
  const server = await modelServer([
    {
      attempts: [
        { fault: { status: 429, retryAfter: 2 } },
        { text: 'Half of', calls: [{ tool: 'read', input: { path: 'a' } }], fault: 'half-call' },
        { text: 'Whole.' },
      ],
    },
  ])
  const told: unknown[] = []
  const waited: number[] = []
  const answer = await answerWithRetries(providerFor(api, server.address), question(), {
    onFailure: ({ kind }, attempt, waitMs) => void told.push([kind, attempt, waitMs]),
    random: () => 0,
    pause: async (waitMs) => void waited.push(waitMs),
  })
  expect(answer).toMatchObject({ text: 'Whole.', calls: [], ended: 'done' })
  expect(told).toEqual([
    ['rate', 1, 2000],
    ['network', 2, 500],
  ])
  expect(waited).toEqual([2000, 500])
})

test('the last failure is told and thrown', async () => {
  const failure = new ProviderFailure('overload', 'too much')
  const told: (number | null)[] = []
  const asked = answerWithRetries(failing(failure), question(), {
    onFailure: (_, __, waitMs) => void told.push(waitMs),
    random: () => 0,
    pause: async () => undefined,
  })
  await expect(asked).rejects.toBe(failure)
  expect(told).toEqual([250, 500, null])
})

test('an abort ends the wait for the next attempt', async () => {
  const stop = new AbortController()
  const provider = failing(new ProviderFailure('rate', 'slow down', 100_000))
  const asked = answerWithRetries(provider, question({ signal: stop.signal }), {
    onFailure: () => queueMicrotask(() => setImmediate(() => stop.abort('enough'))),
  })
  await expect(asked).rejects.toBe('enough')
})

test('a defect is not asked again', async () => {
  const defect = new RangeError('a defect')
  const asked = answerWithRetries(failing(defect), question(), { onFailure: () => expect.unreachable() })
  await expect(asked).rejects.toBe(defect)
})

function failing(error: Error): Provider {
  return {
    answer: async () => {
      throw error
    },
  }
}
