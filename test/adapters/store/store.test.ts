import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Batch, EventRow } from '../../../src/adapters/store/batch.ts'
import { openStore } from '../../../src/adapters/store/store.ts'
import type { Store } from '../../../src/adapters/store/store.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { filled, opened } from './open.ts'
import { sampleBatch, sampleEvent, sampleState } from './sample.ts'

test('an appended event reads back as it was', async () => {
  const store = await opened()
  await store.append(sampleBatch(1))
  expect(store.eventAt(1)).toEqual(sampleEvent(1))
  expect(store.lastSeq()).toBe(1)
  expect(store.eventAt(2)).toBeNull()
})

test('a store opened again holds the same events, state and replies', async () => {
  const store = await opened(await filled(500))
  expect(allEvents(store)).toEqual(Array.from({ length: 500 }, (_, index) => sampleEvent(index + 1)))
  expect(store.readState()).toEqual({ version: 1, seq: 500, entries: sampleState(500), broken: [] })
  expect(store.commandReply('command-77')).toBe('reply 77')
  expect(store.commandReply('command-501')).toBeNull()
})

test('appends are durable in the order of their calls', async () => {
  const store = await opened()
  const done: number[] = []
  const appends = Array.from({ length: 300 }, (_, index) =>
    store.append(sampleBatch(index + 1)).then(() => done.push(index)),
  )
  await Promise.all(appends)
  expect(done).toEqual(done.toSorted((a, b) => a - b))
  expect(allEvents(store).map((event) => event.seq)).toEqual(
    Array.from({ length: 300 }, (_, index) => index + 1),
  )
})

test('close waits for what was appended', async () => {
  const directory = temporaryDirectory()
  const store = await openStore(directory)
  const appends = Array.from({ length: 200 }, (_, index) => store.append(sampleBatch(index + 1)))
  await store.close()
  await Promise.all(appends)
  expect((await opened(directory)).lastSeq()).toBe(200)
})

test('a closed store refuses appends, and closing it twice is harmless', async () => {
  const store = await openStore(temporaryDirectory())
  await store.close()
  await store.close()
  await expect(store.append(sampleBatch(1))).rejects.toMatchObject({ code: 'KAGE_STORE' })
})

test('a batch that leaves a gap or is out of order is refused and the store goes on', async () => {
  const store = await opened()
  await expect(store.append(sampleBatch(2))).rejects.toMatchObject({ code: 'KAGE_STORE' })
  const swapped = { events: [sampleEvent(2), sampleEvent(1)], state: [] }
  await expect(store.append(swapped)).rejects.toMatchObject({ code: 'KAGE_STORE' })
  await store.append(sampleBatch(1))
  expect(store.lastSeq()).toBe(1)
})

test('hostile text comes back byte for byte', async () => {
  const texts = [
    '\0',
    'a\0b',
    '😀\u{10ffff}',
    JSON.stringify('\ud800'),
    '\u2028\ufeff\r\n',
    "'; DROP TABLE event; --",
    '%_?:x',
    '',
  ]
  const store = await opened()
  const events = texts.map((text, index) =>
    sampleEvent(index + 1, { id: `${index}${text}`, run: text, agent: text, type: text, data: text }),
  )
  const state = texts.map((text) => ({ key: `k${text}`, value: text }))
  await store.append({ events, state, command: { id: 'c\0😀', reply: '\0😀' } })
  expect(allEvents(store)).toEqual(events)
  expect(new Map(store.readState().entries.map(({ key, value }) => [key, value]))).toEqual(
    new Map(state.map(({ key, value }) => [key, value])),
  )
  expect(store.commandReply('c\0😀')).toBe('\0😀')
  expect(await store.verify()).toMatchObject({ ok: true })
})

test('two megabytes of data come back whole', async () => {
  const store = await opened()
  const data = JSON.stringify({ task: '影\0"\\'.repeat(400_000) })
  expect(Buffer.byteLength(data)).toBeGreaterThan(2_097_152)
  await store.append({ events: [sampleEvent(1, { data })], state: [{ key: 'task', value: data }] })
  expect(store.eventAt(1)?.data).toBe(data)
  expect(store.readState().entries).toEqual([{ key: 'task', value: data }])
})

test('half a character is refused instead of stored as another one', async () => {
  const store = await opened()
  const half = { events: [sampleEvent(1, { data: '"\ud800"' })], state: [] }
  await expect(store.append(half)).rejects.toMatchObject({ code: 'KAGE_STORE' })
  await expect(store.append({ events: [], state: [{ key: '\udc00', value: '' }] })).rejects.toMatchObject({
    code: 'KAGE_STORE',
  })
  await store.append(sampleBatch(1))
})

test('a command that is being appended is not taken twice', async () => {
  const store = await opened()
  const first = store.append(sampleBatch(1))
  const again = { ...sampleBatch(1), events: [sampleEvent(2)] }
  await expect(store.append(again)).rejects.toMatchObject({ code: 'KAGE_STORE' })
  await first
  expect(store.lastSeq()).toBe(1)
})

test('a state of another reducer is folded anew before anything is added to it', async () => {
  const store = await opened(await filled(20), { stateVersion: 2 })
  expect(store.readState()).toMatchObject({ version: 1, seq: 20 })
  await expect(store.append(sampleBatch(21))).rejects.toMatchObject({ code: 'KAGE_STORE' })
  await store.append({ events: [], state: [{ key: 'anew', value: '2' }], reset: true })
  expect(store.readState()).toEqual({
    version: 2,
    seq: 20,
    entries: [{ key: 'anew', value: '2' }],
    broken: [],
  })
  await store.append({ events: [sampleEvent(21)], state: [{ key: 'more', value: '3' }] })
  expect(store.readState().entries).toHaveLength(2)
})

test('any sequence of batches reads back equal', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => value.isWellFormed())
  const event = fc.record({
    type: text,
    v: fc.nat(9),
    run: fc.option(text),
    agent: fc.option(text),
    data: text,
  })
  const change = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd\0'), value: fc.option(text) })
  const batch = fc.record({
    events: fc.array(event, { maxLength: 4 }),
    state: fc.array(change, { maxLength: 4 }),
    reset: fc.boolean(),
    awaited: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 20 }), async (drawn) => {
      let seq = 0
      const batches = drawn.map(({ events, ...rest }) => ({
        ...rest,
        events: events.map((fields) => sampleEvent((seq += 1), fields)),
      }))
      await checkReadsBack(batches)
    }),
    { numRuns: 15 },
  )
})

async function checkReadsBack(batches: readonly (Batch & { awaited: boolean })[]): Promise<void> {
  const directory = temporaryDirectory()
  const store = await openStore(directory)
  const expected = new Map<string, string>()
  for (const { awaited, ...batch } of batches) {
    if (batch.reset) expected.clear()
    for (const { key, value } of batch.state) {
      if (value === null) expected.delete(key)
      else expected.set(key, value)
    }
    const appended = store.append(batch)
    if (awaited) await appended
  }
  await store.close()
  const again = await openStore(directory)
  try {
    expect(allEvents(again)).toEqual(batches.flatMap((batch) => batch.events))
    expect(new Map(again.readState().entries.map(({ key, value }) => [key, value]))).toEqual(expected)
    expect(await again.verify()).toMatchObject({ ok: true })
  } finally {
    await again.close()
  }
}

function allEvents(store: Store): EventRow[] {
  const events: EventRow[] = []
  for (;;) {
    const page = store.readEvents({ after: events.at(-1)?.seq ?? 0, limit: 200 })
    if (page.length === 0) return events
    events.push(...page)
  }
}
