import { type Action, actionKey } from '../core/action.ts'
import { type Fault, faultOf } from '../core/error.ts'
import type { EventDraft } from '../core/event.ts'
import { agentId } from '../core/id.ts'
import { limit } from '../core/limit.ts'
import type { Observed } from '../core/observed.ts'
import { isSeenAlike, observe } from '../core/observe.ts'
import { reconcile } from '../core/reconcile.ts'
import { isOnlyReport } from '../core/reports.ts'
import { failureEvents, retryDelayMs } from '../core/retry.ts'
import { agentOf, type State } from '../core/state.ts'
import type { Kernel } from './kernel.ts'

/** The hands and eyes of the loop. */
export interface LoopParts {
  readonly kernel: Kernel
  readonly look: (state: State) => Promise<Observed>
  readonly perform: (action: Action) => Promise<readonly EventDraft[]>
  readonly publish: (state: State) => Promise<void>
  readonly log: (line: string) => void
}

/** Looks, notes what is new, and performs what is wanted, whenever something woke it and every few seconds anyway. */
export class Loop {
  readonly #parts: LoopParts
  readonly #busy = new Set<string>()
  readonly #released = new Set<string>()
  readonly #underway = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | null = null
  #soon: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #again = false

  constructor(parts: LoopParts) {
    this.#parts = parts
    parts.kernel.listen((events) => {
      for (const event of events)
        if (event.type === 'agent.restarting') setTimeout(() => this.wake(), event.data.waitMs + 1).unref()
      const untold = events.filter(({ type }) => !isOnlyReport(type))
      if (untold.some(({ type }) => type !== 'agent.reported')) this.wake()
      else if (untold.length > 0) this.#wakeSoon()
    })
  }

  /** Begins with a first pass; before it nothing is looked at and nothing is done. */
  begin(): void {
    this.#timer ??= setInterval(() => this.wake(), limit.reconcileEveryMs)
    this.wake()
  }

  /** Asks for another pass; many wakes during a pass are one. */
  wake(): void {
    this.#again = true
    if (this.#running === null && this.#timer !== null) this.#running = this.#passes()
  }

  /** What an agent says of its status is only shown: one that says something all the time keeps nobody looking. */
  #wakeSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null
      this.wake()
    }, limit.statusGatherMs)
  }

  /** Ends the loop after what is under way. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    if (this.#soon !== null) clearTimeout(this.#soon)
    this.#timer = null
    await this.#running
    await Promise.all(this.#underway)
  }

  async #passes(): Promise<void> {
    try {
      while (this.#again && this.#timer !== null) {
        this.#again = false
        await this.#pass()
      }
    } catch (thrown) {
      this.#parts.log(`a pass failed: ${faultOf(thrown).message}`)
    } finally {
      this.#running = null
    }
  }

  async #pass(): Promise<void> {
    const { kernel, look, publish } = this.#parts
    const before = kernel.state
    const seen = await look(before)
    const observed = this.#upToDate(before, seen)
    await kernel.append(observe(kernel.state, observed, Date.now()))
    if (Object.values(observed.agents).some(({ reportsLeft }) => reportsLeft)) this.wake()
    for (const action of reconcile(kernel.state, observed, Date.now())) this.#start(action)
    await publish(kernel.state)
  }

  /** What was seen of agents that changed meanwhile, or on whom something is under way, says nothing any more. */
  #upToDate(before: State, seen: Observed): Observed {
    const now = this.#parts.kernel.state
    const agents = Object.entries(seen.agents).filter(([id]) => {
      const slash = id.indexOf('/')
      const [run, name] = [id.slice(0, slash), id.slice(slash + 1)] as const
      return !this.#busy.has(id) && isSeenAlike(agentOf(before, run, name), agentOf(now, run, name))
    })
    return { ...seen, agents: Object.fromEntries(agents) }
  }

  #start(action: Action): void {
    const id = agentId(action.run, action.agent)
    const key = actionKey(action)
    if (this.#busy.has(id) || this.#released.has(key)) return
    if (action.type === 'gate.release') this.#released.add(key)
    this.#busy.add(id)
    const performance = this.#perform(action, key).finally(() => {
      this.#busy.delete(id)
      this.#underway.delete(performance)
      this.wake()
    })
    this.#underway.add(performance)
  }

  async #perform(action: Action, key: string): Promise<void> {
    const { kernel, perform } = this.#parts
    try {
      await kernel.append(await perform(action))
    } catch (thrown) {
      this.#released.delete(key)
      await this.#failed(action, faultOf(thrown)).catch(() => {})
    }
  }

  /** Records a failure and plans the next attempt; a failure of an earlier attempt of the agent says nothing of this one. */
  async #failed(action: Action, fault: Fault): Promise<void> {
    const { kernel, log } = this.#parts
    log(`${actionKey(action)}: ${fault.code}: ${fault.message}`)
    const agent = agentOf(kernel.state, action.run, action.agent)
    if (agent === null || agent.attempt !== action.attempt) return
    await kernel.append(failureEvents(agent, action, fault))
    const now = agentOf(kernel.state, action.run, action.agent)
    const delayMs = now === null ? null : retryDelayMs(now, action.type, Date.now())
    if (delayMs !== null) setTimeout(() => this.wake(), delayMs + 1).unref()
  }
}
