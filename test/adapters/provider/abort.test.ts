import { expect, test } from 'vitest'
import { modelServer } from '../../support/model-server.ts'
import { apis, providerFor, question } from '../../support/provider.ts'

const words = Array.from({ length: 200 }, (_, index) => `${index} `)

test.each(apis)('%s: an abort in the middle ends the answer at once, with its reason', async (api) => {
  // As a whole it would take longer than a test may.
  const server = await modelServer([{ text: words, pace: 300 }])
  const stop = new AbortController()
  const reason = new Error('the person interrupts')
  let heard = 0
  const onText = (): void => {
    heard += 1
    if (heard === 3) stop.abort(reason)
  }
  await expect(
    providerFor(api, server.address).answer(question({ signal: stop.signal, onText })),
  ).rejects.toBe(reason)
  expect(heard).toBe(3)
})

test.each(apis)('%s: an abort before the headers ends the answer with its reason', async (api) => {
  const server = await modelServer([{ text: words, latencyMs: 60_000 }])
  const stop = new AbortController()
  const answer = providerFor(api, server.address).answer(question({ signal: stop.signal }))
  stop.abort('enough')
  await expect(answer).rejects.toBe('enough')
})

test.each(apis)('%s: an aborted signal sends nothing', async (api) => {
  const server = await modelServer([{ text: words }])
  const answer = providerFor(api, server.address).answer(question({ signal: AbortSignal.abort('before') }))
  await expect(answer).rejects.toBe('before')
  expect(server.requests).toHaveLength(0)
})

test.each(apis)('%s: questions asked at the same time do not disturb each other', async (api) => {
  const server = await modelServer([{ text: words.slice(0, 20), pace: 2 }])
  const provider = providerFor(api, server.address)
  const stop = new AbortController()
  const stopped = provider.answer(question({ signal: stop.signal, onText: () => stop.abort('one') }))
  const whole = provider.answer(question())
  await expect(stopped).rejects.toBe('one')
  expect((await whole).text).toBe(words.slice(0, 20).join(''))
})
