const minutes = Number(process.env['KAGE_TEST_SOAK_MINUTES'] ?? 0)

/** Whether this is `make soak`, with full sizes, and not the short round of `make test`. */
export const isLongSoak: boolean = minutes > 0

/** The time-out of a soak test: generous in `make test`, its minutes and some more in `make soak`. */
export const soakTimeoutMs: number = minutes === 0 ? 600_000 : (minutes + 30) * 60_000

/** Tells whether a soak runs another round: `rounds` of them in `make test`, and until its minutes have passed in `make soak`. */
export function soakGoesOn(round: number, rounds: number, startedMs: number): boolean {
  return minutes === 0 ? round < rounds : performance.now() - startedMs < minutes * 60_000
}

/** Prints a figure of a long soak as one line of JSON, `{figure, value, unit}`. */
export function soakFigure(figure: string, value: number, unit: string): void {
  if (isLongSoak) console.log(JSON.stringify({ figure, value: Number(value.toPrecision(3)), unit }))
}
