import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openForReading, openForWriting, storePath } from '../../../src/adapters/store/connection.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { opened } from './open.ts'
import { sampleEvent } from './sample.ts'

test('readers during writes do not let the WAL grow without bound', async () => {
  const directory = temporaryDirectory()
  const store = await opened(directory)
  const data = JSON.stringify('x'.repeat(100_000))
  const progress = { writing: true }
  const written = write().finally(() => (progress.writing = false))
  let walBytes = 0
  let after = 0
  while (progress.writing) {
    const page = store.readEvents({ after, limit: 1000 })
    after = page.at(-1)?.seq ?? 0
    walBytes = Math.max(walBytes, statSync(`${storePath(directory)}-wal`).size)
    await setImmediate()
  }
  await written
  expect(store.lastSeq()).toBe(600)
  expect(walBytes).toBeLessThan(24 * 1024 * 1024)

  async function write(): Promise<void> {
    for (let seq = 1; seq <= 600; seq += 1)
      await store.append({ events: [sampleEvent(seq, { data })], state: [] })
  }
})

test('every commit of the writer is synchronous and in the WAL', () => {
  const database = openForWriting(temporaryDirectory())
  const setting = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  expect(setting('journal_mode')).toBe('wal')
  expect(setting('synchronous')).toBe(2)
  expect(setting('busy_timeout')).toBe(5000)
  expect(setting('journal_size_limit')).toBe(67_108_864)
  expect(setting('trusted_schema')).toBe(0)
  expect(setting('cell_size_check')).toBe(1)
  database.close()
})

test('the reading connection cannot write', () => {
  const directory = temporaryDirectory()
  openForWriting(directory).close()
  const database = openForReading(directory)
  expect(() => database.exec("INSERT INTO state VALUES ('a', 'b')")).toThrow()
  database.close()
})

test("the store's files are the user's alone", async () => {
  const directory = join(temporaryDirectory(), 'deep', 'state')
  await opened(directory)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  for (const suffix of ['', '-wal', '-shm'])
    expect(statSync(storePath(directory) + suffix).mode & 0o777).toBe(0o600)
})
