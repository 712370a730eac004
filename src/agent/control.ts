import { Ended, Interrupted } from './halt.ts'

/** What can be called off from outside: the step under way, or the whole program. */
export class Control {
  #step = new AbortController()
  #ending = new AbortController()
  isIdle = false

  /** Begins a step; its signal is aborted with an Interrupted or an Ended as its reason. */
  begin(): AbortSignal {
    this.#step = new AbortController()
    return AbortSignal.any([this.#step.signal, this.#ending.signal])
  }

  /** Aborted when the program has to end: what waits for the person waits with it. */
  get ending(): AbortSignal {
    return this.#ending.signal
  }

  /** Calls off the step under way; while the agent waits for the person there is none. */
  interrupt(): void {
    if (this.isIdle) return
    this.#step.abort(new Interrupted())
  }

  end(code: number): void {
    this.#ending.abort(new Ended(code))
  }
}
