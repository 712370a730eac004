import { expect, test } from 'vitest'
import { limit } from '../../../src/core/limit.ts'
import { filled, opened } from './open.ts'
import { sampleEvent } from './sample.ts'

test('events are read after a number, of a run and of an agent', async () => {
  const store = await opened(await filled(60))
  const all = Array.from({ length: 60 }, (_, index) => sampleEvent(index + 1))
  expect(store.readEvents({ after: 10, limit: 5 })).toEqual(all.slice(10, 15))
  expect(store.readEvents({ after: 20, limit: 100, run: 'r2' })).toEqual(
    all.slice(20).filter(({ run }) => run === 'r2'),
  )
  const agent = 'r3/coder-1'
  expect(store.readEvents({ after: 0, limit: 100, agent })).toEqual(
    all.filter((event) => event.agent === agent),
  )
  expect(store.readEvents({ after: 0, limit: 100, run: 'r1', agent })).toEqual([])
  expect(store.readEvents({ after: 60, limit: 100 })).toEqual([])
})

test('a page of large events ends early and the next one goes on', async () => {
  const store = await opened()
  const data = JSON.stringify('x'.repeat(limit.pageBytes / 2))
  await store.append({ events: [1, 2, 3, 4, 5].map((seq) => sampleEvent(seq, { data })), state: [] })
  const page = store.readEvents({ after: 0, limit: 100 })
  expect(page.map(({ seq }) => seq)).toEqual([1, 2])
  expect(store.readEvents({ after: 2, limit: 100 }).map(({ seq }) => seq)).toEqual([3, 4])
})

test('a page never holds more than the limit', async () => {
  const store = await opened(await filled(limit.eventsPerPage + 5))
  expect(store.readEvents({ after: 0, limit: 1_000_000 })).toHaveLength(limit.eventsPerPage)
})

test('a time is found as the last event at or before it', async () => {
  const store = await opened(await filled(100))
  expect(store.seqAt(sampleEvent(42).at)).toBe(42)
  expect(store.seqAt(new Date(Date.parse(sampleEvent(42).at) + 999).toISOString())).toBe(42)
  expect(store.seqAt(sampleEvent(42).at.replace('.000Z', '+00:00'))).toBe(42)
  expect(store.seqAt('1970-01-01')).toBe(0)
  expect(store.seqAt('2999-01-01')).toBe(100)
  expect(() => store.seqAt('yesterday-ish')).toThrow(expect.objectContaining({ code: 'KAGE_USAGE' }))
})

test('a time is found also where the clock went back', async () => {
  const store = await opened()
  const hours = [10, 11, 12, 9, 10]
  const at = (hour: number): string => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`
  await store.append({
    events: hours.map((hour, index) => sampleEvent(index + 1, { at: at(hour) })),
    state: [],
  })
  expect([8, 9, 10, 11, 12].map((hour) => store.seqAt(at(hour)))).toEqual([0, 4, 5, 5, 5])
})

test('a new store is empty', async () => {
  const store = await opened()
  expect(store.lastSeq()).toBe(0)
  expect(store.seqAt('2999-01-01')).toBe(0)
  expect(store.readEvents({ after: 0, limit: 10 })).toEqual([])
  expect(store.readState()).toEqual({ version: 0, seq: 0, entries: [], broken: [] })
})
