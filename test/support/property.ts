import { assert } from 'fast-check'
import type { IProperty } from 'fast-check'

/** Checks a property; a failure prints its seed, and KAGE_SEED=… replays it (KAGE_RUNS=… runs it more often). */
export function holds<T>(property: IProperty<T>, runs = 300): void {
  const seed = process.env['KAGE_SEED']
  const numRuns = Number(process.env['KAGE_RUNS'] ?? runs)
  assert(property, seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) })
}
