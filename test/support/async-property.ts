import { assert } from 'fast-check'
import type { IAsyncProperty } from 'fast-check'

/** Checks a property that takes its time; a failure prints its seed, and KAGE_SEED=… replays it (KAGE_RUNS=… runs it more often). */
export async function holdsAsync<T>(property: IAsyncProperty<T>, runs: number): Promise<void> {
  const seed = process.env['KAGE_SEED']
  const numRuns = Number(process.env['KAGE_RUNS'] ?? runs)
  await assert(property, seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) })
}
