import { randomUUID } from 'node:crypto'
import type { NewEvent } from '../adapters/store/batch.ts'
import type { Store } from '../adapters/store/store.ts'
import {
  foldWith,
  momentsOf,
  partOf,
  type Past,
  rowIn,
  withPast,
  withReopened,
} from '../core/archive/past.ts'
import type { Verdict } from '../core/decide/verdict.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import type { EventDraft, KageEvent } from '../core/event.ts'
import { readEvent, versionOf } from '../core/format/read-event.ts'
import { limit } from '../core/limit.ts'
import { type Numbers, numbersAfter, numbersOf } from '../core/numbers.ts'
import { redactEvent } from '../core/redact-event.ts'
import type { Redact } from '../core/redact.ts'
import { changedRows, type State } from '../core/state.ts'
import { readPast } from './past.ts'

/** A wish of a client: its id makes it happen once, however often it is sent. */
export interface Wish<R> {
  readonly command: string
  readonly decide: (state: State) => Verdict
  readonly reply: (state: State, events: readonly KageEvent[]) => R
}

/**
 * The one place where state changes: decide, number, reduce, append. A turn is synchronous, so turns never interleave;
 * nobody hears of an event before it is durable.
 */
export class Kernel {
  readonly #store: Store
  readonly #listeners = new Set<(events: readonly KageEvent[]) => void>()
  readonly #underway = new Map<string, Promise<unknown>>()
  readonly #fail: (error: unknown) => void
  readonly #redact: Redact
  /** Runs whose archiving is not durable yet: the store does not have all their events. */
  readonly #leaving = new Map<string, Past>()
  readonly #pasts = new Map<string, Past>()
  #state: State
  #durable: Promise<void> = Promise.resolve()
  #pending = 0
  #numbers: Numbers

  /** `redact` takes out of every event what must not be written down, before anything is made of it. */
  constructor(store: Store, state: State, fail: (error: unknown) => void, redact: Redact) {
    this.#store = store
    this.#state = state
    this.#numbers = numbersOf(state)
    this.#fail = fail
    this.#redact = redact
  }

  get state(): State {
    return this.#state
  }

  /** The state in which a run is whole, also where it is archived: to read of, not to keep. */
  stateWith(run: string): State {
    if (Object.hasOwn(this.#state.runs, run)) return this.#state
    const past = this.#past(run)
    return past === null ? this.#state : withPast(this.#state, past)
  }

  /** Whether only a row of that run is in the state. */
  isArchived(run: string): boolean {
    return !Object.hasOwn(this.#state.runs, run) && rowIn(this.#state, run) !== null
  }

  /** Brings an archived run back, so that it can be changed. */
  async reopen(run: string): Promise<void> {
    if (this.isArchived(run)) await this.append([draft('run.reopened', run, null, {})])
  }

  /** Resolves when everything that the state now holds is durable. */
  settled(): Promise<void> {
    return this.#durable
  }

  /** Calls back with events after they are durable; answers with the way to end it. */
  listen(listener: (events: readonly KageEvent[]) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Carries out a wish at most once: a repeated one gets the first one's reply. */
  async execute<R>(wish: Wish<R>): Promise<R> {
    const underway = this.#underway.get(wish.command)
    if (underway !== undefined) return underway as Promise<R>
    const known = this.#store.commandReply(wish.command)
    if (known !== null) return JSON.parse(known) as R
    const execution = this.#decide(wish)
    this.#underway.set(wish.command, execution)
    try {
      return await execution
    } finally {
      this.#underway.delete(wish.command)
    }
  }

  /** Appends facts and resolves when they are durable. */
  async append(drafts: readonly EventDraft[]): Promise<readonly KageEvent[]> {
    if (drafts.length === 0) return []
    return this.#commit(drafts, () => undefined)
  }

  async #decide<R>(wish: Wish<R>): Promise<R> {
    if (this.#pending >= limit.queueLength)
      throw new KageError('KAGE_LIMIT', 'Too much is waiting.', 'Try again.')
    const verdict = wish.decide(this.#state)
    if ('refusal' in verdict)
      throw new KageError(verdict.refusal.code, verdict.refusal.message, verdict.refusal.hint)
    let reply: R | undefined
    await this.#commit(verdict.events, (events) => {
      reply = wish.reply(this.#state, events)
      return { id: wish.command, reply: JSON.stringify(reply) }
    })
    return reply as R
  }

  #past(run: string): Past | null {
    const row = rowIn(this.#state, run)
    if (row === null) return null
    const { moves, startedSeq } = momentsOf(this.#state, row.repository.key)
    const key = `${run} ${row.archived} ${startedSeq} ${moves.length}`
    const past = this.#leaving.get(run) ?? this.#pasts.get(key) ?? readPast(this.#store, this.#state, run)
    if (past === null) return null
    this.#pasts.delete(key)
    this.#pasts.set(key, past)
    const [oldest] = this.#pasts.keys()
    if (this.#pasts.size > limit.pastsKept && oldest !== undefined) this.#pasts.delete(oldest)
    return past
  }

  /** The state after events, brought back runs included. */
  #fold(events: readonly KageEvent[]): Map<string, Past> {
    const leaving = new Map<string, Past>()
    const fold = foldWith((run) => this.#past(run))
    for (const event of events) {
      const past = event.type === 'run.archived' ? partOf(this.#state, event.run ?? '') : null
      if (past !== null) {
        this.#leaving.set(past.run.id, past)
        leaving.set(past.run.id, past)
      }
      this.#state = fold(this.#state, event)
    }
    return leaving
  }

  async #commit(
    wanted: readonly EventDraft[],
    command: (events: readonly KageEvent[]) => { id: string; reply: string } | undefined,
  ): Promise<readonly KageEvent[]> {
    const before = this.#state
    const drafts = withReopened(before, wanted)
    const at = new Date().toISOString()
    const events = drafts.map((draft, index): KageEvent => ({
      ...redactEvent(draft, this.#redact),
      seq: before.seq + index + 1,
      id: randomUUID(),
      at,
      v: versionOf(draft.type),
    }))
    const rows = events.map(readableRow)
    const leaving = this.#fold(events)
    this.#numbers = numbersAfter(this.#numbers, events)
    const done = command(events)
    this.#pending++
    const appended = this.#store.append({
      events: rows,
      state: changedRows(before, this.#state),
      ...(done === undefined ? {} : { command: done }),
      numbers: this.#numbers,
    })
    this.#durable = appended
    // A failed append leaves the state ahead of the log: only a new start can tell what is durable.
    await appended.catch((error: unknown) => {
      this.#fail(error)
      throw error
    })
    this.#pending--
    for (const [run, past] of leaving) if (this.#leaving.get(run) === past) this.#leaving.delete(run)
    for (const listener of this.#listeners) listener(events)
    return events
  }
}

/** An event as it is stored; one that could not be read again is a defect, and is never acknowledged. */
function readableRow(event: KageEvent): NewEvent {
  const row = { ...event, data: JSON.stringify(event.data) }
  const read = readEvent(row)
  if (read.type === 'event.unreadable')
    throw new Error(`${event.type} has no row or another shape in the table of events: ${read.data.reason}`)
  return row
}
