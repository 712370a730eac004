import type { Decided } from '../../core/protocol/results.ts'
import type { Change } from './model.ts'

/** What becomes of decisions that are told to the daemon. */
export interface Telling {
  /** Tells one change; answers with what is decided then. */
  readonly tell: (change: Change) => Promise<Decided>
  /** All is told: this is decided now, with what others decided. */
  readonly settled: (decided: Decided) => void
  /** One was refused; those behind it were dropped. */
  readonly refused: (thrown: unknown) => void
}

/** Tells decisions one after the other, in their order, while the person goes on. */
export class DecisionQueue {
  readonly #telling: Telling
  readonly #waiting: Change[] = []
  readonly #idle: (() => void)[] = []
  #busy = false

  constructor(telling: Telling) {
    this.#telling = telling
  }

  get isIdle(): boolean {
    return !this.#busy
  }

  /** Puts a change at the end. */
  push(change: Change): void {
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
      let decided: Decided | null = null
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        decided = await this.#telling.tell(next)
      this.#busy = false
      if (decided !== null) this.#telling.settled(decided)
    } catch (thrown) {
      this.#waiting.length = 0
      this.#busy = false
      this.#telling.refused(thrown)
    }
    if (!this.#busy) for (const resolve of this.#idle.splice(0)) resolve()
  }
}
