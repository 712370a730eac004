import { expect, test } from 'vitest'
import { openStore } from '../../../src/adapters/store/store.ts'
import { filled, opened } from './open.ts'
import { sampleBatch, sampleEvent, sampleState } from './sample.ts'

test('a batch appended again after a restart is not doubled and takes no state back', async () => {
  const store = await opened(await filled(10))
  await store.append(sampleBatch(7))
  expect(store.lastSeq()).toBe(10)
  expect(store.readState().entries).toEqual(sampleState(10))
})

test('of a batch appended again only the new events are added', async () => {
  const store = await opened(await filled(10))
  await store.append({ events: [9, 10, 11].map((seq) => sampleEvent(seq)), state: sampleState(11) })
  expect(store.readEvents({ after: 8, limit: 10 })).toEqual([9, 10, 11].map((seq) => sampleEvent(seq)))
  expect(await store.verify()).toEqual({ ok: true, events: 11, purged: 0 })
})

test('another event under a stored number is refused, and the store must be opened again', async () => {
  const directory = await filled(10)
  const store = await opened(directory)
  const other = { events: [sampleEvent(7, { data: '{}' })], state: [] }
  await expect(store.append(other)).rejects.toMatchObject({ code: 'KAGE_STORE' })
  await expect(store.append(sampleBatch(11))).rejects.toBe(store.failure)
  await store.close()
  await (await opened(directory)).append(sampleBatch(11))
})

test('an id that is used twice is refused', async () => {
  const store = await opened(await filled(3))
  await expect(
    store.append({ events: [sampleEvent(4, { id: 'event-2' })], state: [] }),
  ).rejects.toMatchObject({ code: 'KAGE_STORE' })
  expect(store.seqOf('event-2')).toBe(2)
  expect(store.seqOf('event-4')).toBeNull()
})

test('a failed batch takes the ones that came with it along, and none of them is half there', async () => {
  const directory = await filled(3)
  const store = await opened(directory)
  const settled = await Promise.allSettled([
    store.append(sampleBatch(4)),
    store.append({
      events: [sampleEvent(5), sampleEvent(6, { id: 'event-1' })],
      state: [{ key: 'last', value: 'wrong' }],
    }),
    store.append(sampleBatch(7)),
  ])
  expect(settled[1]?.status).toBe('rejected')
  expect(settled[2]?.status).toBe('rejected')
  await store.close()
  const again = await opened(directory)
  const last = settled[0]?.status === 'fulfilled' ? 4 : 3
  expect(again.lastSeq()).toBe(last)
  expect(again.readState().entries).toEqual(sampleState(last))
})

test('a command that is done is not done again', async () => {
  const directory = await filled(3)
  const store = await openStore(directory)
  const again = { events: [sampleEvent(4)], state: [], command: { id: 'command-2', reply: 'another' } }
  await expect(store.append(again)).rejects.toMatchObject({ code: 'KAGE_STORE' })
  await store.close()
  const reopened = await opened(directory)
  expect(reopened.commandReply('command-2')).toBe('reply 2')
  expect(reopened.lastSeq()).toBe(3)
})
