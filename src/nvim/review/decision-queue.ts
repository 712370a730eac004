import type { Pending } from '../../core/state.ts'

/** What becomes of decisions that are told to the daemon. */
export interface Telling {
  /** Tells one change; answers with what is pending then. */
  readonly tell: (change: Pending) => Promise<Pending>
  /** All is told: this is pending now, with what others decided. */
  readonly settled: (pending: Pending) => void
  /** One was refused; those behind it were dropped. */
  readonly refused: (thrown: unknown) => void
}

/** Tells decisions one after the other, in their order, while the person goes on. */
export class DecisionQueue {
  readonly #telling: Telling
  readonly #waiting: Pending[] = []
  readonly #idle: (() => void)[] = []
  #busy = false

  constructor(telling: Telling) {
    this.#telling = telling
  }

  get isIdle(): boolean {
    return !this.#busy
  }

  /** Puts a change at the end. */
  push(change: Pending): void {
    this.#waiting.push(change)
    if (!this.#busy) void this.#run()
  }

  /** Resolves when all is told. */
  whenIdle(): Promise<void> {
    return this.#busy ? new Promise((resolve) => this.#idle.push(resolve)) : Promise.resolve()
  }

  async #run(): Promise<void> {
    this.#busy = true
    try {
      let pending: Pending | null = null
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        pending = await this.#telling.tell(next)
      this.#busy = false
      if (pending !== null) this.#telling.settled(pending)
    } catch (thrown) {
      this.#waiting.length = 0
      this.#busy = false
      this.#telling.refused(thrown)
    }
    if (!this.#busy) for (const resolve of this.#idle.splice(0)) resolve()
  }
}
