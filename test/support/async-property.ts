import { assert } from 'fast-check'
import type { IAsyncProperty, Parameters } from 'fast-check'

/** Checks a property that takes its time; a failure prints its seed, and KAGE_SEED=… replays it (KAGE_RUNS=… runs it more often). */
export async function holdsAsync<T>(property: IAsyncProperty<T>, runs: number): Promise<void> {
  await holdsAs(property, { numRuns: Number(process.env['KAGE_RUNS'] ?? runs) })
}

/** The same with parameters of its own, of which the number of runs is as it is. */
export async function holdsAs<T>(property: IAsyncProperty<T>, parameters: Parameters<T>): Promise<void> {
  const seed = process.env['KAGE_SEED']
  await assert(property, seed === undefined ? parameters : { ...parameters, seed: Number(seed) })
}
