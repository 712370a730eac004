import { assert } from 'fast-check'
import type { IProperty } from 'fast-check'
import { chosenSeed, recordProof } from './proof.ts'

/** Checks a property; a failure prints its seed, and KAGE_SEED=… replays it (KAGE_RUNS=… runs it more often). */
export function holds<T>(property: IProperty<T>, runs = 300): void {
  const seed = chosenSeed()
  const numRuns = Number(process.env['KAGE_RUNS'] ?? runs)
  assert(property, { numRuns, seed })
  recordProof({ seed, cases: numRuns })
}
