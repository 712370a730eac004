const deadlineMs = 60_000

/** Waits until the probe returns something true, asking every few milliseconds; fails after a minute, which no loaded machine takes. */
export async function until<T>(probe: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const found = await probe()
    if (found) return found
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${probe.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
