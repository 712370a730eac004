import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { storePath } from '../../../src/adapters/store/connection.ts'
import { schemaVersion } from '../../../src/adapters/store/schema.ts'
import { openStore } from '../../../src/adapters/store/store.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { behind, filled } from './open.ts'
import { sampleBatch } from './sample.ts'

test.each([
  ['an event cannot be changed', "UPDATE event SET type = 'x' WHERE seq = 2"],
  ['an event cannot be deleted', 'DELETE FROM event WHERE seq = 5'],
  [
    'an event cannot be replaced',
    "INSERT OR REPLACE INTO event VALUES (2, 'i', 'a', 't', 1, NULL, NULL, 'p', 'c')",
  ],
  [
    'an event cannot be put after a gap',
    "INSERT INTO event VALUES (9, 'i', 'a', 't', 1, NULL, NULL, 'p', 'c')",
  ],
  ['the data of an event cannot be changed', "UPDATE payload SET data = '{}' WHERE seq = 2"],
  ['the data of an event cannot be deleted', 'DELETE FROM payload WHERE seq = 2'],
  ['a number is not taken for a text', "INSERT INTO state VALUES ('k', x'00')"],
])('%s', async (_, statement) => {
  const directory = await filled(5)
  behind(directory, (database) => expect(() => database.exec(statement)).toThrow())
  behind(directory, (database) =>
    expect(database.prepare('SELECT count(*) AS count FROM event').get()).toEqual({ count: 5 }),
  )
})

test('a store of a newer Kage is refused and left as it was', async () => {
  const directory = await filled(5)
  behind(directory, (database) => database.exec(`PRAGMA user_version = ${schemaVersion + 1}`))
  const before = readFileSync(storePath(directory))
  const refused = await openStore(directory).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'KAGE_STORE_NEWER', message: expect.stringContaining('newer') })
  expect(readFileSync(storePath(directory))).toEqual(before)
})

test('a store with events of a newer Kage is refused and left as it was', async () => {
  const directory = await filled(5)
  await (await openStore(directory, { eventFormat: 7 })).close()
  await (await openStore(directory, { eventFormat: 3 })).close()
  const store = await openStore(directory, { eventFormat: 7 })
  await store.append(sampleBatch(6))
  await store.close()
  const before = readFileSync(storePath(directory))
  await expect(openStore(directory, { eventFormat: 6 })).rejects.toMatchObject({
    code: 'KAGE_STORE_NEWER',
    message: 'The store holds events of a newer Kage (format 7; this one knows 6).',
  })
  expect(readFileSync(storePath(directory))).toEqual(before)
})

test("another program's file is refused", async () => {
  const directory = temporaryDirectory()
  new DatabaseSync(storePath(directory)).exec('CREATE TABLE theirs (a)')
  await expect(openStore(directory)).rejects.toMatchObject({
    code: 'KAGE_STORE',
    message: expect.stringContaining('another program'),
  })
})

test('a file that is no database is refused', async () => {
  const directory = temporaryDirectory()
  writeFileSync(storePath(directory), 'x'.repeat(10_000))
  await expect(openStore(directory)).rejects.toMatchObject({ code: 'KAGE_STORE' })
  expect(readFileSync(storePath(directory), 'utf8')).toBe('x'.repeat(10_000))
})
