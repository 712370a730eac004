import { closeSync, fsyncSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { KageError } from '../../../src/core/error.ts'
import { layBallast } from '../../../src/adapters/store/ballast.ts'
import { openStore } from '../../../src/adapters/store/store.ts'
import { acquireLock } from '../../../src/adapters/store/lock.ts'
import { sampleEvent } from './sample.ts'

/** A program that appends until the disk is full, then tries to go on in several ways, and prints what it saw. */
const directory = String(process.argv[2])
const junk = join(directory, 'junk')

const spare = join(directory, 'spare')

writeFileSync(spare, Buffer.alloc(2_097_152, 1))
const first = await openStore(directory)
if (process.argv[3] === 'ballast') layBallast(directory, 0)
let acknowledged = 0
let code = ''
while (code === '') code = await append(first, acknowledged + 1)
const acknowledgedThen = acknowledged
const after = await append(first, acknowledged + 1)
await first.close()

fillUp()
const lockWhileFull = tried(() => acquireLock(directory)?.release())
const openWhileFull = await triedToOpen()
rmSync(junk, { force: true })
rmSync(spare)

const last = await openStore(directory)
const found = {
  events: last.lastSeq(),
  verification: await last.verify(),
  more: await append(last, last.lastSeq() + 1),
}
await last.close()
console.log(
  JSON.stringify({ acknowledged: acknowledgedThen, code, after, lockWhileFull, openWhileFull, found }),
)

async function append(store: typeof first, seq: number): Promise<string> {
  try {
    await store.append({
      events: [sampleEvent(seq, { data: JSON.stringify('x'.repeat(20_000)) })],
      state: [],
    })
    acknowledged = seq
    return ''
  } catch (error) {
    return error instanceof KageError ? error.code : String(error)
  }
}

async function triedToOpen(): Promise<string> {
  try {
    const store = await openStore(directory)
    const whole = await store.verify()
    await store.close()
    return whole.ok ? 'opened' : 'damaged'
  } catch (error) {
    return error instanceof KageError ? error.code : String(error)
  }
}

function tried(work: () => void): string {
  try {
    work()
    return 'taken'
  } catch (error) {
    return error instanceof KageError ? error.code : String(error)
  }
}

/** Takes the disk to its last byte, however small the pieces. */
function fillUp(): void {
  const file = openSync(junk, 'w')
  try {
    for (let bytes = 65_536; bytes >= 1;) {
      try {
        writeSync(file, Buffer.alloc(bytes, 1))
        fsyncSync(file)
      } catch {
        bytes = Math.floor(bytes / 2)
      }
    }
  } finally {
    closeSync(file)
  }
}
