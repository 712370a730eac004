/** Waits until the probe answers something true, looking again every few milliseconds; fails after the time. */
export async function until<T>(probe: () => T | Promise<T>, timeoutMs = 10_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = await probe()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${probe.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
