/** A time that runs out unless it is stopped. */
export interface Deadline {
  readonly stop: () => void
}

/** Calls back once when the time is over; time in which this process itself was stopped does not count. */
export function startDeadline(timeoutMs: number, onEnd: () => void): Deadline {
  let leftMs = timeoutMs
  let lookedAt = performance.now()
  const tickMs = Math.max(10, Math.min(1_000, timeoutMs / 10))
  const timer = setInterval(() => {
    const passedMs = performance.now() - lookedAt
    lookedAt += passedMs
    // A tick that comes far too late means that the process stood still.
    leftMs -= Math.min(passedMs, tickMs * 3)
    if (leftMs > 0) return
    clearInterval(timer)
    onEnd()
  }, tickMs)
  return { stop: () => clearInterval(timer) }
}
