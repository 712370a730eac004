import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../support/temporary.ts'
import { opened } from './open.ts'
import { sampleBatch, sampleEvent } from './sample.ts'

test('purged data is gone from the disk and the chain is whole', async () => {
  const directory = temporaryDirectory()
  const store = await opened(directory)
  const secret = 'sk-very-secret-'.repeat(2000)
  await store.append(sampleBatch(1))
  await store.append({ events: [sampleEvent(2, { data: JSON.stringify({ secret }) })], state: [] })
  await store.append(sampleBatch(3))
  expect(holds(directory, 'sk-very-secret')).toBe(true)
  await store.purge(2)
  expect(holds(directory, 'sk-very-secret')).toBe(false)
  expect(store.eventAt(2)).toEqual(sampleEvent(2, { data: null as unknown as string }))
  expect(await store.verify()).toEqual({ ok: true, events: 3, purged: 1 })
  await store.append(sampleBatch(4))
  expect(await store.verify()).toEqual({ ok: true, events: 4, purged: 1 })
})

test('purging what is not there changes nothing', async () => {
  const store = await opened()
  await store.append(sampleBatch(1))
  await store.purge(9)
  expect(await store.verify()).toEqual({ ok: true, events: 1, purged: 0 })
})

function holds(directory: string, text: string): boolean {
  return readdirSync(directory).some((name) => readFileSync(join(directory, name)).includes(text))
}
