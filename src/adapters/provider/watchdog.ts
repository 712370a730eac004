/** How long an endpoint may be silent, in milliseconds; tests have less. */
export interface Patience {
  readonly firstContentMs: number
  readonly idleMs: number
  /** How often it is looked; a gap much longer than that means that the process itself stood still. */
  readonly lookEveryMs: number
}

export interface Watchdog {
  /** Aborted when the silence has lasted too long. */
  readonly signal: AbortSignal
  /** How long the silence may last at this moment. */
  allowedMs(): number
  /** Content has come; keep-alive bytes are none. */
  content(): void
  close(): void
}

/** Watches an answer from now on; a process that was suspended (SIGSTOP, sleep) begins anew, because it could not hear. */
export function startWatchdog(patience: Patience, now: () => number = () => performance.now()): Watchdog {
  const controller = new AbortController()
  let silence: Silence = { sinceMs: now(), lookedMs: now(), begun: false }
  const timer = setInterval(() => {
    silence = looked(silence, now(), patience)
    if (!isTooLong(silence, now(), patience)) return
    clearInterval(timer)
    controller.abort()
  }, patience.lookEveryMs)
  return {
    signal: controller.signal,
    allowedMs: () => allowedMs(silence, patience),
    content: () => {
      silence = { sinceMs: now(), lookedMs: now(), begun: true }
    },
    close: () => clearInterval(timer),
  }
}

export interface Silence {
  readonly sinceMs: number
  readonly lookedMs: number
  readonly begun: boolean
}

/** The silence after a look at the clock: it begins anew where the look comes far too late. */
export function looked(silence: Silence, nowMs: number, { lookEveryMs }: Patience): Silence {
  const suspended = nowMs - silence.lookedMs > lookEveryMs * 4 + 1000
  return { ...silence, sinceMs: suspended ? nowMs : silence.sinceMs, lookedMs: nowMs }
}

/** Whether a silence is longer than it may be. */
export function isTooLong(silence: Silence, nowMs: number, patience: Patience): boolean {
  return nowMs - silence.sinceMs >= allowedMs(silence, patience)
}

function allowedMs({ begun }: Silence, { firstContentMs, idleMs }: Patience): number {
  return begun ? idleMs : firstContentMs
}
