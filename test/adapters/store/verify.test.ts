import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { storePath } from '../../../src/adapters/store/connection.ts'
import { openStore } from '../../../src/adapters/store/store.ts'
import type { Verification } from '../../../src/adapters/store/verify.ts'
import { behind, filled, opened } from './open.ts'
import { sampleEvent } from './sample.ts'

test('a log as it was written is whole', async () => {
  expect(await verified(await filled(500))).toEqual({ ok: true, events: 500, purged: 0 })
})

test('a flipped bit in the data of an event is found', async () => {
  const directory = await filled(300)
  flip(directory, sampleEvent(123).data.slice(0, 30))
  expect(await verified(directory)).toEqual({ ok: false, seq: 123, reason: 'its data was changed' })
})

test('a flipped bit in a field of an event is found', async () => {
  const directory = await filled(300)
  flip(directory, `event-77${sampleEvent(77).at}`, 30)
  expect(await verified(directory)).toMatchObject({ ok: false, seq: 77 })
})

test('an event changed with its own hashes made right is found by the next link', async () => {
  const directory = await filled(30)
  behind(directory, (database) => {
    database.exec('DROP TRIGGER event_update')
    database.exec("UPDATE event SET type = 'other', chain = replace(chain, 'a', 'b') WHERE seq = 11")
  })
  expect(await verified(directory)).toMatchObject({ ok: false, seq: 11 })
})

test('events that are missing in the middle or at the end are found', async () => {
  const middle = await filled(30)
  remove(middle, 'seq = 12')
  expect(await verified(middle)).toEqual({ ok: false, seq: 12, reason: 'it is missing' })
  const end = await filled(30)
  remove(end, 'seq > 20')
  expect(await verified(end)).toEqual({ ok: false, seq: 21, reason: 'it is missing' })
})

test('data that is gone without a purge is found', async () => {
  const directory = await filled(30)
  behind(directory, (database) =>
    database.exec('DROP TRIGGER payload_delete; DELETE FROM payload WHERE seq = 5'),
  )
  expect(await verified(directory)).toEqual({ ok: false, seq: 5, reason: 'its data is missing' })
})

test('pages that belong to nothing are found', async () => {
  const directory = await filled(30)
  behind(directory, (database) => {
    database.enableDefensive(false)
    database.exec("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'event_run'")
  })
  expect(await verified(directory)).toMatchObject({ ok: false, seq: null })
})

test('an overwritten page is found', async () => {
  const directory = await filled(2000)
  const bytes = readFileSync(storePath(directory))
  bytes.fill(0xa5, 40 * 4096, 41 * 4096)
  writeFileSync(storePath(directory), bytes)
  expect(await verified(directory)).toMatchObject({ ok: false })
})

test('a store that was never written is whole', async () => {
  expect(await (await opened()).verify()).toEqual({ ok: true, events: 0, purged: 0 })
})

async function verified(directory: string): Promise<Verification> {
  const store = await openStore(directory)
  try {
    return await store.verify()
  } finally {
    await store.close()
  }
}

function flip(directory: string, text: string, offset = 3): void {
  const bytes = readFileSync(storePath(directory))
  const found = bytes.indexOf(text)
  expect(found).toBeGreaterThan(0)
  bytes[found + offset] = (bytes[found + offset] ?? 0) ^ 1
  writeFileSync(storePath(directory), bytes)
}

function remove(directory: string, which: string): void {
  behind(directory, (database) => {
    database.exec(`DROP TRIGGER event_delete; DROP TRIGGER payload_delete`)
    database.exec(`DELETE FROM payload WHERE ${which}; DELETE FROM event WHERE ${which}`)
  })
}
