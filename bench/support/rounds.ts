/** What was measured in each round: Kage's value and its floor's, taken one after the other. */
export interface Round {
  readonly kage: number
  readonly floor: number
}

/** Measures both sides in turn, the order changing from round to round, until the time is over; at least three rounds. */
export async function rounds(
  kage: () => number | Promise<number>,
  floor: () => number | Promise<number>,
  budgetMs = 12_000,
): Promise<Round[]> {
  const end = performance.now() + budgetMs
  const measured: Round[] = []
  while (measured.length < 3 || (performance.now() < end && measured.length < 200)) {
    if (measured.length % 2 === 0) {
      const first = await kage()
      measured.push({ kage: first, floor: await floor() })
    } else {
      const first = await floor()
      measured.push({ floor: first, kage: await kage() })
    }
  }
  return measured
}

/** How long work takes, in milliseconds. */
export async function elapsedMs(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
