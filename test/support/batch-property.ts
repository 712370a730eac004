import { array, asyncProperty } from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { holdsAs } from './async-property.ts'

const batch = 25

/** Checks a property of many cases at once, which costs few processes; a failure prints its seed, as `holdsAsync` does. */
export async function holdsInBatches<T>(
  arbitrary: Arbitrary<T>,
  runs: number,
  check: (cases: readonly T[]) => Promise<void>,
): Promise<void> {
  const wanted = Number(process.env['KAGE_RUNS'] ?? runs)
  const cases = array(arbitrary, { minLength: batch, maxLength: batch })
  await holdsAs(asyncProperty(cases, check), {
    numRuns: Math.ceil(wanted / batch),
    endOnFailure: true,
    // The cases are long, and the check tells of the one that fails.
    asyncReporter: async ({ failed, seed, errorInstance }) => {
      if (failed) throw new Error(`seed ${seed}: ${String(errorInstance)}`)
    },
  })
}
