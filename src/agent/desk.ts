/** Something the person said; `joined` is called once it is kept in the conversation. */
export interface Heard {
  readonly text: string
  readonly joined: () => void
}

/** Where what the person says lies until the agent takes it up. */
export class Desk {
  readonly #heard: Heard[] = []
  #wake: (() => void) | null = null

  hear(heard: Heard): void {
    this.#heard.push(heard)
    this.#wake?.()
  }

  get isEmpty(): boolean {
    return this.#heard.length === 0
  }

  /** All that was said until now. */
  take(): readonly Heard[] {
    return this.#heard.splice(0)
  }

  /** Waits until something was said; rejects with the signal's reason. */
  async next(signal: AbortSignal): Promise<readonly Heard[]> {
    const onAbort = (): void => this.#wake?.()
    signal.addEventListener('abort', onAbort)
    try {
      while (this.isEmpty && !signal.aborted) await new Promise<void>((resolve) => (this.#wake = resolve))
      signal.throwIfAborted()
      return this.take()
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.#wake = null
    }
  }
}
