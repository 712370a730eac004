import { unpacked } from '../../adapters/bridge/packed.ts'
import { KageError, type Fault } from '../../core/error.ts'
import { keptOf } from '../../core/kept.ts'
import { pendingOf } from '../../core/landing.ts'
import { limit } from '../../core/limit.ts'
import type { Oid } from '../../core/merge/change.ts'
import type { ResolutionParam } from '../../core/protocol/params.ts'
import type { RunState } from '../../core/state.ts'
import type { Call } from '../call.ts'
import { isCounted } from '../../core/agent/status.ts'
import type { Context } from '../context.ts'
import type { Pane } from '../frame.ts'
import type { View } from '../view.ts'
import { missingTexts } from './compose.ts'
import { DecisionQueue } from './decision-queue.ts'
import { fetchTexts } from './fetch.ts'
import { followTarget } from './follow-target.ts'
import { afterChange } from './check-rows.ts'
import { isMixOld } from './mixed.ts'
import { isNothing } from './history.ts'
import { type Change, openedReview, refreshedReview, type Review } from './model.ts'
import { isDecidedElsewhere, isOutdated, madeOf, withChecks, withComments, withLanded } from './outdated.ts'
import { render, type Rendered, textsWanted } from './render.ts'
import type { Taken } from './take.ts'

/** A review that is open in this Neovim: what it shows now, and its ways to the daemon and to the screen. */
export class Desk {
  readonly context: Context
  readonly call: Call
  readonly run: string
  readonly #queue: DecisionQueue
  readonly #under = new Set<string>()
  #review: Review
  #view: View | null = null
  #painted: Rendered = { panes: [], rows: [], total: 0 }
  #follows = true
  /** Whether something happened while decisions were being told. */
  #missed = false
  #looked = ''
  /** How often decisions were told. */
  #told = 0
  #looking: Promise<void> | null = null
  #clock: NodeJS.Timeout | null = null
  #unlisten = (): void => {}
  readonly #closing = new AbortController()
  /** What the person said to conflicts since the last landing, by their ids. */
  readonly said: Map<string, ResolutionParam> = new Map()
  /** Whether the landing that is under way makes a commit. */
  commits = false
  /** The row of the right pane that the person moved the cursor to. */
  pointed: string | null = null

  constructor(context: Context, call: Call, review: Review) {
    this.context = context
    this.call = call
    this.run = review.run
    this.#review = review
    this.#queue = new DecisionQueue({
      tell: async (change) => {
        const { run, target } = this.#review
        const command = crypto.randomUUID()
        const { seq } = await context.session.ask('decide', { repo: target, id: run, ...change, command })
        const state = await context.session.reached(seq)
        return { pending: pendingOf(state, run, target), kept: keptOf(state, run, target) }
      },
      settled: ({ pending, kept }) => {
        this.#told += 1
        this.show({ ...this.#review, pending, keptBase: new Set(kept) })
        if (isMixOld(this.#review)) void this.#lookAnew().catch((thrown: unknown) => this.fail(thrown))
        if (this.#missed) this.#heard()
      },
      refused: (thrown) => void this.#putBack(thrown),
    })
  }

  /** Ends when the review is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal
  }

  get review(): Review {
    return this.#review
  }

  /** The rows of the right pane and the names of the left one's, as they were painted last. */
  get painted(): Pick<Rendered, 'rows' | 'total'> & { readonly left: Pane['rows'] } {
    const { rows, total, panes } = this.#painted
    return { rows, total, left: panes[0]?.rows ?? [] }
  }

  /** Shows the review in a view from now on, and keeps it up to date. */
  open(view: View): void {
    this.#view = view
    this.#looked = madeOf(this.context.session.state, this.#review)
    this.#unlisten = this.context.session.listen(() => this.#heard())
    this.show(this.#review)
    void followTarget(this, () => this.#view === view)
  }

  close(): void {
    this.#closing.abort()
    this.#view = null
    this.#unlisten()
    if (this.#clock !== null) clearTimeout(this.#clock)
  }

  /** Shows another state of the review; the cursor goes to its place unless the person moved it there themselves. */
  show(review: Review, follows: boolean = this.#follows): void {
    this.#review = review
    this.#follows = follows
    this.paint()
    const wanted = textsWanted(review)
    if (wanted.length > 0) void this.fetch(wanted).catch((thrown: unknown) => this.fail(thrown))
  }

  paint(): void {
    if (this.#view === null) return
    const agents = this.context.session.state.runs[this.run]?.agents ?? []
    const known = agents.map((agent) => ({
      ...agent,
      changed: agent.capture?.changed ?? noChange,
      captured: isCounted(agent),
    }))
    this.#painted = render(this.#review, known, this.#view.sizes)
    const { panes } = this.#painted
    this.#view.paint(this.#follows ? panes : panes.map((pane) => ({ ...pane, cursor: null })))
  }

  /** Takes something: at once here, then at the daemon; a text that it needs is fetched first. Answers whether it was taken. */
  async take(taking: (review: Review) => Taken, then: (review: Review) => Review = same): Promise<boolean> {
    let taken = taking(this.#review)
    if ('missing' in taken) {
      await this.fetch(taken.missing)
      taken = taking(this.#review)
      if ('missing' in taken)
        throw new KageError('KAGE_REVIEW_DIFFERS', 'A text of that candidate is not there any more.')
    }
    if ('code' in taken) return this.#refuse(taken)
    const { review, change } = taken
    const isOther = change.added.length + change.removed.length > 0
    const checked = isOther ? afterChange(review.checked) : review.checked
    this.show(then({ ...review, checked, joining: false }), true)
    if (!isNothing(change)) this.#queue.push(change)
    return true
  }

  /** Fetches contents by their names into the review. */
  async fetch(names: readonly Oid[]): Promise<void> {
    const { run, target } = this.#review
    const texts = await fetchTexts(this.context.session, { repo: target, id: run }, names)
    this.#review = { ...this.#review, texts: new Map([...this.#review.texts, ...texts]) }
    this.paint()
  }

  /** Resolves when every decision is told and every text of the result is here. */
  async settle(): Promise<Review> {
    await this.#queue.whenIdle()
    const missing = missingTexts(this.#review)
    if (missing.length > 0) await this.fetch(missing)
    return this.#review
  }

  /** Looks at the candidates and decisions again; the person stays where they are. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = null))
    return this.#looking
  }

  /** Does something that is not begun again while it is under way, as while the person is asked about it. */
  async once(what: string, doing: () => Promise<void>): Promise<void> {
    if (this.#under.has(what)) return
    this.#under.add(what)
    await doing().finally(() => this.#under.delete(what))
  }

  /** Waits no more for the second of two numbers. */
  stopJoining(): void {
    if (this.#review.joining) this.show({ ...this.#review, joining: false })
  }

  fail(thrown: unknown): Fault {
    return this.context.notices.fail(thrown)
  }

  async #look(): Promise<void> {
    await this.#queue.whenIdle()
    const { run, target } = this.#review
    const told = this.#told
    const answer = unpacked(await this.context.session.ask('review', { repo: target, id: run }))
    this.#looked = madeOf(this.context.session.state, this.#review)
    const { pending, keptBase } = this.#review
    // What was told meanwhile may be newer than the answer.
    const isAnswered = this.#queue.isIdle && told === this.#told
    const decided = isAnswered ? {} : { pending, kept: [...keptBase] }
    this.show(refreshedReview(this.#review, { ...answer, ...decided }, namesOf(this.context, run)))
  }

  /** Looks at what is decided now: a look that is under way may have been answered before that. */
  async #lookAnew(): Promise<void> {
    await this.#looking?.catch(() => {})
    if (isMixOld(this.#review)) await this.look()
  }

  /** Something happened: what was decided or landed elsewhere counts at once, candidates that moved are looked at soon. */
  #heard(): void {
    const { state } = this.context.session
    if (state.runs[this.run] === undefined) return
    this.#missed = !this.#queue.isIdle
    if (this.#missed) return this.paint()
    const before = this.#review
    const landed = withLanded(state, before)
    this.#review = withChecks(state, withComments(state, landed))
    this.paint()
    if (isDecidedElsewhere(state, this.#review)) this.#queue.push(nothing)
    const now = madeOf(state, this.#review)
    const isOld = landed !== before || isOutdated(state, this.#review)
    if (now === this.#looked || !isOld || this.#clock !== null) return
    this.#looked = now
    this.#clock = setTimeout(() => {
      this.#clock = null
      this.look().catch((thrown: unknown) => this.fail(thrown))
    }, limit.reviewLookMs)
  }

  async #putBack(thrown: unknown): Promise<void> {
    this.fail(thrown)
    this.#review = { ...this.#review, past: [], future: [] }
    await this.look().catch((again: unknown) => this.fail(again))
  }

  #refuse({ code, message, hint }: Fault): false {
    this.stopJoining()
    this.fail(new KageError(code, message, hint))
    return false
  }
}

/** Asks the daemon for the review of a run, for the worktree of a directory. */
export async function askReview(context: Context, run: RunState, repo: string): Promise<Review> {
  const answer = unpacked(await context.session.ask('review', { repo, id: run.id }))
  for (const warning of answer.warnings) context.notices.warn(warning)
  return openedReview(answer, namesOf(context, run.id))
}

const nothing: Change = { removed: [], added: [], kept: [], unkept: [] }
const noChange = { files: 0, added: 0, deleted: 0 }
const same = (review: Review): Review => review

function namesOf({ session }: Context, run: string): string[] {
  return session.state.runs[run]?.agents.map(({ name }) => name) ?? []
}
