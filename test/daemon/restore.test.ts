import { expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import { changedSlices, emptyState, stateVersion } from '../../src/core/state.ts'
import { restoreState } from '../../src/daemon/restore.ts'
import { begun, storyOf } from '../support/agent-story.ts'
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
