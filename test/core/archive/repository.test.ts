import { expect, test } from 'vitest'
import type { RaisedAlarm } from '../../../src/core/alarm.ts'
import { draft } from '../../../src/core/draft.ts'
import type { EventDraft, KageEvent } from '../../../src/core/event.ts'
import { reduce } from '../../../src/core/reduce.ts'
import type { State } from '../../../src/core/state.ts'
import { stateAfter } from '../../support/agent-story.ts'

test('of an archived run its repository keeps what is asked for without reading its row', () => {
  const { environment, ...state } = archived(['h1', 'h2'])
  expect(state).toMatchObject({
    record: { root: '/r', key: 'r' },
    acknowledged: [
      { subject: 's', hash: 'h1' },
      { subject: 's', hash: 'h2' },
    ],
    prefixes: ['kage/'],
    highest: { run: 1, undo: 0 },
  })
  expect(environment).toEqual([])
})

test('what was acknowledged twice is kept once, and the oldest is forgotten', () => {
  const many = Array.from({ length: 1_200 }, (_, at) => `h${at}`)
  const { acknowledged } = archived([...many, 'h1199', 'h1198'])
  expect(acknowledged.map(({ hash }) => hash)).toEqual(many.slice(-1_000))
})

/** What is kept of the repository of a run whose alarms, one for each of these hashes, were acknowledged. */
function archived(hashes: readonly string[]): State['repositories'][string] {
  const alarms = hashes.map((hash, at): RaisedAlarm => ({
    id: `a${at}`,
    kind: 'config',
    subject: 's',
    before: null,
    after: 'x',
    agents: ['coder'],
    hash,
  }))
  const state = [
    draft('alarm.raised', 'r1', null, { alarms }),
    draft('alarm.acknowledged', 'r1', null, { ids: alarms.map(({ id }) => id) }),
    draft('run.archived', 'r1', null, { reason: 'cleaned' }),
  ].reduce<State>((before, each) => reduce(before, eventOf(each, before.seq + 1)), stateAfter())
  const { r } = state.repositories
  if (r === undefined) throw new Error('nothing is kept')
  return r
}

function eventOf(each: EventDraft, seq: number): KageEvent {
  return { ...each, seq, id: `e${seq}`, at: '2026-01-01T00:00:00.000Z', v: 1 }
}
