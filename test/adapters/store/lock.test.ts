import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { acquireLock } from '../../../src/adapters/store/lock.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

test('a lock is held until it is released', () => {
  const directory = temporaryDirectory()
  const lock = acquireLock(directory)
  expect(lock?.isHeld()).toBe(true)
  expect(acquireLock(directory, 0)).toBeNull()
  lock?.release()
  expect(lock?.isHeld()).toBe(false)
  const next = acquireLock(directory, 0)
  expect(next?.epoch).toBe(2)
  next?.release()
})

test('of three racing processes exactly one gets the lock, in each of 20 races', async () => {
  const racers = await Promise.all([racer(), racer(), racer()])
  const root = temporaryDirectory()
  for (let race = 1; race <= 20; race += 1) {
    const directory = join(root, String(race))
    const epochs = await Promise.all(racers.map((child) => tryFor(child, directory, 50)))
    expect(epochs.filter((epoch) => epoch !== null)).toEqual([1])
  }
})

test('a lock file that holds garbage is mended, and still only one of three gets it', async () => {
  const racers = await Promise.all([racer(), racer(), racer()])
  const root = temporaryDirectory()
  for (const text of ['garbage', 'x'.repeat(9000), 'SQLite format 3\0', ''].flatMap((each) => [each, each])) {
    const directory = mkdtempSync(join(root, 'race-'))
    writeFileSync(join(directory, 'lock.db'), text)
    const epochs = await Promise.all(racers.map((child) => tryFor(child, directory, 50)))
    expect(epochs.filter((epoch) => epoch !== null)).toHaveLength(1)
    expect(acquireLock(directory, 0)).toBeNull()
  }
})

test('kill -9 frees the lock, and each owner has the next epoch', async () => {
  const directory = temporaryDirectory()
  for (let epoch = 1; epoch <= 5; epoch += 1) {
    const owner = await racer()
    expect(await tryFor(owner, directory, 1000)).toBe(epoch)
    expect(acquireLock(directory, 0)).toBeNull()
    owner.kill('SIGKILL')
    await once(owner, 'exit')
  }
})

test('a child of the owner does not keep the lock', async () => {
  const directory = temporaryDirectory()
  const owner = await racer(join(import.meta.dirname, 'locking-parent.ts'))
  expect(await tryFor(owner, directory, 1000)).toBe(1)
  const [orphan] = (await once(owner, 'message')) as [number]
  onTestFinished(() => void process.kill(orphan, 'SIGKILL'))
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  expect(process.kill(orphan, 0)).toBe(true)
  const lock = acquireLock(directory, 0)
  expect(lock?.epoch).toBe(2)
  lock?.release()
})

test('a lock whose file was removed knows that it is held no more', () => {
  const directory = temporaryDirectory()
  const lock = acquireLock(directory)
  rmSync(join(directory, 'lock.db'))
  expect(lock?.isHeld()).toBe(false)
  lock?.release()
})

test("the lock's file is the user's alone", () => {
  const directory = join(temporaryDirectory(), 'state')
  const lock = acquireLock(directory)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  expect(statSync(join(directory, 'lock.db')).mode & 0o777).toBe(0o600)
  lock?.release()
})

async function racer(
  program: string = fileURLToPath(new URL('./locking.ts', import.meta.url)),
): Promise<ChildProcess> {
  const child = fork(program, { execArgv: [] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}

async function tryFor(child: ChildProcess, directory: string, waitMs: number): Promise<number | null> {
  const answer = once(child, 'message')
  child.send({ directory, waitMs })
  const [epoch] = (await answer) as [number | null]
  return epoch
}
