const minutes = Number(process.env['KAGE_TEST_SOAK_MINUTES'] ?? 0)

/** The time-out of a soak test: generous in `make test`, its minutes and some more in `make soak`. */
export const soakTimeoutMs: number = minutes === 0 ? 180_000 : (minutes + 10) * 60_000

/** Tells whether a soak runs another round: `rounds` of them in `make test`, and until its minutes have passed in `make soak`. */
export function soakGoesOn(round: number, rounds: number, startedMs: number): boolean {
  return minutes === 0 ? round < rounds : performance.now() - startedMs < minutes * 60_000
}
