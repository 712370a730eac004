import { assert } from 'fast-check'
import type { IAsyncProperty, Parameters } from 'fast-check'
import { chosenSeed, recordProof } from './proof.ts'

/** Checks a slow property; a failure prints its seed, and KAGE_SEED=… replays it (KAGE_RUNS=… runs it more often). */
export async function holdsAsync<T>(property: IAsyncProperty<T>, runs: number): Promise<void> {
  await holdsAs(property, { numRuns: Number(process.env['KAGE_RUNS'] ?? runs) })
}

/** The same with fast-check's parameters; KAGE_RUNS does not change them. */
export async function holdsAs<T>(property: IAsyncProperty<T>, parameters: Parameters<T>): Promise<void> {
  const seed = chosenSeed()
  await assert(property, { ...parameters, seed })
  recordProof({ seed, cases: parameters.numRuns ?? 100 })
}
