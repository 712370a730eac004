import { openStore } from '../../../src/adapters/store/store.ts'
import { sampleBatch } from './sample.ts'

/** A program that appends sample batches for ever, some at a time, and writes down each number as it is acknowledged. */
const store = await openStore(String(process.argv[2]))
let seq = store.lastSeq()
const append = async (): Promise<void> => {
  for (;;) {
    const own = (seq += 1)
    await store.append(sampleBatch(own))
    await new Promise<unknown>((resolve) => process.stdout.write(`${own}\n`, resolve))
  }
}
await Promise.all(Array.from({ length: 20 }, append))
