import { KageError } from '../core/error.ts'

/** Lets uses of something run side by side, and a change of it alone, between them. */
export class UseGate {
  #uses = 0
  #change: Promise<unknown> | null = null
  readonly #waiting = new Set<() => void>()

  /** Runs a use at once, or after the change that is under way. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    while (this.#change !== null) await this.#change.catch(() => {})
    this.#uses++
    try {
      return await work()
    } finally {
      this.#uses--
      if (this.#uses === 0) for (const begin of this.#waiting) begin()
    }
  }

  /** Runs a change at the first moment without a use; uses go before. Fails with KAGE_TIMEOUT where there is none in time. */
  async change<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
    const deadline = performance.now() + timeoutMs
    while (this.#uses > 0 || this.#change !== null) {
      const leftMs = deadline - performance.now()
      if (leftMs <= 0)
        throw new KageError('KAGE_TIMEOUT', 'Kage is at work all the time; nothing was removed.')
      await this.#nextMoment(leftMs)
    }
    const change = work()
    this.#change = change
    try {
      return await change
    } finally {
      this.#change = null
      for (const begin of this.#waiting) begin()
    }
  }

  #nextMoment(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(begin)
        resolve()
      }
      const timer = setTimeout(begin, timeoutMs)
      this.#waiting.add(begin)
    })
  }
}
