import { expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import { stateVersion } from '../../src/core/state.ts'
import { restoreState } from '../../src/daemon/restore.ts'
import { storyOf } from '../support/agent-story.ts'
import { opened } from '../adapters/store/open.ts'
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
