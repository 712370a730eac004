import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventType, KageEvent } from '../../../src/core/event.ts'
import { eventTable } from '../../../src/core/format/event-table.ts'
import { readEvent, type StoredEvent, versionOf } from '../../../src/core/format/read-event.ts'
import { reduce } from '../../../src/core/reduce.ts'
import { begun, exited, storyOf } from '../../support/agent-story.ts'
import { holds } from '../../support/property.ts'

const types = Object.keys(eventTable) as EventType[]
const story = storyOf(...begun, exited(0), ['merge.landed', { undo: 'u1' }])

function stored(event: KageEvent, change: Partial<StoredEvent> = {}): StoredEvent {
  return { ...event, data: JSON.stringify(event.data), ...change }
}

/** The reason why an event with these changes cannot be read. */
function reasonOf(change: Partial<StoredEvent>): string {
  const event = readEvent(stored(landed, change))
  expect(event).toMatchObject({ type: 'event.unreadable', seq: landed.seq, run: 'r1', at: landed.at })
  return event.type === 'event.unreadable' ? event.data.reason : ''
}

const landed = story.events.at(-1) as KageEvent

test('an event is read as it was written, with keys that this version does not know', () => {
  for (const event of story.events) expect(readEvent(stored(event))).toEqual(event)
  const data = JSON.stringify({ undo: 'u1', later: true })
  expect(readEvent(stored(landed, { data })).data).toEqual({ undo: 'u1', later: true })
})

test('an event that cannot be read says why, and where it stands', () => {
  expect(reasonOf({ data: '{"undo":7}' })).toBe('undo is not string')
  expect(reasonOf({ data: '{"undo"' })).toBe('its data is no JSON')
  expect(reasonOf({ data: null })).toBe('its data was purged')
  expect(reasonOf({ v: 2 })).toBe('version 2 is newer than 1')
  expect(reasonOf({ v: 0 })).toBe('0 is no version')
  expect(reasonOf({ type: 'merge.boiled' })).toBe('this version of Kage does not know its type')
  expect(reasonOf({ type: 'toString' })).toBe('this version of Kage does not know its type')
})

test('any data of any type is read or is unreadable, and the fold takes either', () => {
  const arbitrary = fc.record({
    type: fc.constantFrom(...types),
    v: fc.integer({ min: -1, max: 3 }),
    data: fc.oneof(fc.json(), fc.string()),
  })
  holds(
    fc.property(arbitrary, (change) => {
      const event = readEvent(stored(landed, change))
      expect(event.seq).toBe(landed.seq)
      if (event.type === 'event.unreadable')
        expect(reduce(story.state, event)).toEqual({ ...story.state, seq: event.seq })
      else expect(event.v).toBe(versionOf(event.type))
    }),
  )
})
