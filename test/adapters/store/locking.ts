import { acquireLock } from '../../../src/adapters/store/lock.ts'
import type { Lock } from '../../../src/adapters/store/lock.ts'

/** A program that tries for the lock of each directory it is sent and answers with the epoch, or null; it keeps what it got. */
const locks: Lock[] = []
process.on('message', ({ directory, waitMs }: { directory: string; waitMs: number }) => {
  const lock = acquireLock(directory, waitMs)
  if (lock) locks.push(lock)
  process.send?.(lock?.epoch ?? null)
})
process.send?.('ready')
