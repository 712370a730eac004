import { writeSync } from 'node:fs'
import { openStore } from '../../../src/adapters/store/store.ts'
import type { Store } from '../../../src/adapters/store/store.ts'
import { sampleBatch } from './sample.ts'

/** A program that appends sample batches up to a number, opens the store again after each failure and repeats what was not acknowledged. */
const [directory, count] = [String(process.argv[2]), Number(process.argv[3])]
let failures = 0
let store = await open()
for (let seq = 1; seq <= count;) {
  const numbers = [seq, seq + 1, seq + 2].filter((number) => number <= count)
  const settled = await Promise.allSettled(numbers.map((number) => store.append(sampleBatch(number))))
  const acknowledged = settled.filter(({ status }) => status === 'fulfilled').length
  seq += acknowledged
  if (acknowledged > 0) writeSync(1, `${seq - 1}\n`)
  if (acknowledged === numbers.length) continue
  failures += 1
  await store.close()
  store = await open()
}
await store.close()
writeSync(1, `failures ${failures}\n`)

async function open(): Promise<Store> {
  try {
    return await openStore(directory)
  } catch (error) {
    if ((failures += 1) > 3) throw error
    return open()
  }
}
