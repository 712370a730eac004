import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from '../adapters/bridge/connection.ts'
import { followWith } from '../core/archive/client.ts'
import { partOf, withPast } from '../core/archive/past.ts'
import type { KageEvent } from '../core/event.ts'
import { limit } from '../core/limit.ts'
import type { PersonParams } from '../core/protocol/params.ts'
import type { Results } from '../core/protocol/results.ts'
import { emptyState, type State } from '../core/state.ts'

/** What has happened since a listener heard last; without events when only the connection came or went. */
export interface Change {
  readonly before: State
  readonly state: State
  readonly events: readonly KageEvent[]
}

/**
 * Everything this Neovim knows of Kage: the daemon's state, kept up by its events. It follows by the numbers of events, so
 * that after a daemon's death nothing is missed or folded twice. A daemon that died is started again; one that was stopped
 * is waited for.
 */
export class Session {
  readonly #connection: Pick<Connection, 'ask' | 'close'>
  readonly #onDefect: (thrown: unknown) => void
  readonly #listeners = new Set<(change: Change) => void>()
  #state: State = emptyState
  #live = false
  #stopped = false
  #closed = false
  #beginning: Promise<void> | null = null

  constructor(connection: Pick<Connection, 'ask' | 'close'>, onDefect: (thrown: unknown) => void) {
    this.#connection = connection
    this.#onDefect = onDefect
  }

  get state(): State {
    return this.#state
  }

  /** Whether the daemon is heard at the moment; without it the state is what was known last. */
  get live(): boolean {
    return this.#live
  }

  /** Asks the daemon, which is started when none listens, unless that is not wanted. */
  ask<M extends keyof PersonParams & keyof Results>(
    method: M,
    params: PersonParams[M],
    options?: { readonly start: boolean },
  ): Promise<Results[M]> {
    return this.#connection.ask(method, params, options)
  }

  /** The state once it is known for the first time; starts the daemon when none listens. */
  async ready(): Promise<State> {
    const beginning = (this.#beginning ??= this.#begin())
    try {
      await beginning
    } catch (thrown) {
      if (this.#beginning === beginning) this.#beginning = null
      throw thrown
    }
    return this.#state
  }

  /** Asks for a run that is archived, so that it can be looked at; the state has it from then on, if it is there. */
  async bring(run: string): Promise<void> {
    if (Object.hasOwn(this.#state.runs, run)) return
    const { state } = await this.#connection.ask('state', { at: null, live: true, run })
    const past = partOf(state as State, run)
    if (past !== null && !Object.hasOwn(this.#state.runs, run)) this.#hear(withPast(this.#state, past), [])
  }

  /** The state once it holds the event of that number. */
  reached(seq: number): Promise<State> {
    if (this.#state.seq >= seq) return Promise.resolve(this.#state)
    return new Promise((resolve) => {
      const end = this.listen(({ state }) => {
        if (state.seq < seq) return
        end()
        resolve(state)
      })
    })
  }

  /** Calls back for each change; answers with what ends that. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  close(): void {
    this.#closed = true
    this.#connection.close()
  }

  async #begin(): Promise<void> {
    const { state } = await this.#connection.ask('state', { at: null, live: true })
    this.#hear(state as State, [])
    void this.#follow()
  }

  async #follow(): Promise<void> {
    let waitMs: number = limit.reconnectFirstMs
    while (!this.#closed) {
      try {
        await this.#resume()
        waitMs = limit.reconnectFirstMs
        await this.#hearAll()
      } catch {
        if (this.#live) {
          this.#live = false
          this.#tell(this.#state, [])
        }
        await pause(waitMs)
        waitMs = Math.min(2 * waitMs, limit.reconnectMostMs)
      }
    }
  }

  /** Hears events as they come, until the daemon is gone. */
  async #hearAll(): Promise<never> {
    for (;;) {
      const asked = { after: this.#state.seq, limit: eventsAtOnce, runs: true }
      const page = await this.#connection.ask('follow', asked, { start: false })
      const events = page.events.filter(({ seq }) => seq > this.#state.seq)
      this.#hear({ ...events.reduce(followWith(page.back ?? {}), this.#state), seq: page.last }, events)
    }
  }

  /** On from the same number after a pause, or from the beginning where the daemon's events are others. */
  async #resume(): Promise<void> {
    const { events } = await this.#connection.ask('status', {}, { start: !this.#stopped })
    if (events !== null && events < this.#state.seq) {
      const { state } = await this.#connection.ask('state', { at: null, live: true }, { start: false })
      this.#hear(state as State, [])
    } else if (!this.#live) this.#hear(this.#state, [])
  }

  #hear(state: State, events: readonly KageEvent[]): void {
    const before = this.#state
    this.#state = state
    this.#live = true
    for (const { type } of events) {
      if (type === 'daemon.stopped') this.#stopped = true
      if (type === 'daemon.started') this.#stopped = false
    }
    this.#tell(before, events)
  }

  #tell(before: State, events: readonly KageEvent[]): void {
    for (const listener of this.#listeners) {
      try {
        listener({ before, state: this.#state, events })
      } catch (thrown) {
        this.#onDefect(thrown)
      }
    }
  }
}

const eventsAtOnce = 500
