import { expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import { rowIn } from '../../src/core/archive/past.ts'
import { draft } from '../../src/core/draft.ts'
import { reduce } from '../../src/core/reduce.ts'
import { changedRows, changedSlices, emptyState, stateVersion } from '../../src/core/state.ts'
import { restoreState } from '../../src/daemon/restore.ts'
import { begun, exited, storyOf } from '../support/agent-story.ts'
import { behind, opened } from '../adapters/store/open.ts'
import { temporaryDirectory } from '../support/temporary.ts'

test('what an earlier version had folded is folded anew, and then kept', async () => {
  const directory = temporaryDirectory()
  const { events, state } = storyOf(['agent.reported', { status: 'working', message: 'at it' }])
  const old = await openStore(directory, { stateVersion: stateVersion - 1 })
  await old.append({
    events: events.map((event) => ({ ...event, data: JSON.stringify(event.data) })),
    state: [{ key: 'runs/r1', value: JSON.stringify({ id: 'r1', agents: [] }) }],
  })
  await old.close()
  const store = await openStore(directory, { stateVersion })
  expect(await restoreState(store)).toEqual(state)
  expect(state.runs['r1']?.pending).toEqual({})
  await store.close()
  expect((await opened(directory, { stateVersion })).readState()).toMatchObject({ version: stateVersion })
})

test.for([
  ['no JSON', "UPDATE state SET value = '{'"],
  ['another JSON', "UPDATE state SET value = replace(value, 'at it', 'at rest')"],
])('a stored state that is %s is folded anew, and said', async ([, damage]) => {
  const directory = temporaryDirectory()
  const { events, state } = storyOf(...begun, ['agent.reported', { status: 'working', message: 'at it' }])
  const whole = await openStore(directory, { stateVersion })
  await whole.append({
    events: events.map((event) => ({ ...event, data: JSON.stringify(event.data) })),
    state: changedSlices(emptyState, state).map(({ key, value }) => ({ key, value: JSON.stringify(value) })),
  })
  await whole.close()
  behind(directory, (database) => database.exec(`${damage} WHERE key = 'runs/r1'`))
  const lines: string[] = []
  const store = await openStore(directory, { stateVersion })
  expect(await restoreState(store, (line) => lines.push(line))).toEqual(state)
  expect(lines).toEqual(['the stored state was broken (runs/r1) and is folded anew from the events'])
  expect(store.readState().broken).toEqual([])
  await store.close()
})

test('rows of archived runs are read when one of them is asked for; a broken one is folded anew and written again', async () => {
  const directory = temporaryDirectory()
  const { events } = storyOf(...begun, exited(0))
  const archived = { ...draft('run.archived', 'r1', null, { reason: 'age' }), v: 1 } as const
  const at = '2026-01-01T00:01:00.000Z'
  const all = [...events, { ...archived, seq: events.length + 1, id: 'archived', at }]
  const state = all.reduce(reduce, emptyState)
  const whole = await openStore(directory, { stateVersion })
  await whole.append({
    events: all.map((event) => ({ ...event, data: JSON.stringify(event.data) })),
    state: changedRows(emptyState, state),
  })
  await whole.close()
  behind(directory, (database) => database.exec("UPDATE state SET value = '{}' WHERE key = 'archive/r/0'"))
  const lines: string[] = []
  const store = await openStore(directory, { stateVersion })
  const restored = await restoreState(store, (line) => lines.push(line))
  expect(lines).toEqual([])
  expect(rowIn(restored, 'r1')).toEqual(rowIn(state, 'r1'))
  expect(restored).toEqual(state)
  expect(lines).toEqual([
    'a row of the stored state was broken (archive/r/0) and is folded anew from the events',
  ])
  await store.close()
  expect((await opened(directory, { stateVersion })).readState().broken).toEqual([])
})
