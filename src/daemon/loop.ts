import { type Action, actionKey } from '../core/action.ts'
import { draft } from '../core/draft.ts'
import { faultOf } from '../core/error.ts'
import type { EventDraft } from '../core/event.ts'
import { agentId } from '../core/id.ts'
import { limit } from '../core/limit.ts'
import type { Observed } from '../core/observed.ts'
import { isSeenAlike, observe } from '../core/observe.ts'
import { reconcile } from '../core/reconcile.ts'
import { isOnlyReport } from '../core/reports.ts'
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
  readonly #failures = new Map<string, number>()
  readonly #underway = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | null = null
  #soon: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #again = false

  constructor(parts: LoopParts) {
    this.#parts = parts
    parts.kernel.listen((events) => {
      const untold = events.filter(({ type }) => !isOnlyReport(type))
      if (untold.some(({ type }) => type !== 'agent.reported')) this.wake()
      else if (untold.length > 0) this.#wakeSoon()
    })
  }

  /** Begins with a first pass; before it nothing is looked at and nothing is done. */
  begin(): void {
    this.#timer ??= setInterval(() => this.#tick(), limit.reconcileEveryMs)
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

  #tick(): void {
    // What was given up for the moment may go well now; what still fails keeps its count.
    for (const [key, failures] of this.#failures)
      if (failures >= limit.startAttempts) this.#failures.delete(key)
    this.wake()
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
    await kernel.append(observe(kernel.state, observed))
    if (Object.values(observed.agents).some(({ reportsLeft }) => reportsLeft)) this.wake()
    for (const action of reconcile(kernel.state, observed)) this.#start(action)
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
    if (
      this.#busy.has(id) ||
      this.#released.has(key) ||
      (this.#failures.get(key) ?? 0) >= limit.startAttempts
    )
      return
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
    const { kernel, perform, log } = this.#parts
    try {
      await kernel.append(await perform(action))
    } catch (thrown) {
      const { code, message } = faultOf(thrown)
      log(`${key}: ${code}: ${message}`)
      const failures = (this.#failures.get(key) ?? 0) + 1
      this.#failures.set(key, failures)
      this.#released.delete(key)
      const cleaning = agentOf(kernel.state, action.run, action.agent)?.desired === 'cleaned'
      const event = givenUp(action, failures, cleaning, code, message)
      if (event === null) return
      this.#failures.delete(key)
      await kernel.append([event]).catch(() => {})
    }
  }
}

/** The fact that an action which failed leaves behind; null while it is tried again. */
function givenUp(
  action: Action,
  failures: number,
  cleaning: boolean,
  code: string,
  message: string,
): EventDraft | null {
  const { type, run, agent } = action
  if (type === 'worktree.add') return draft('agent.failed', run, agent, { code, message })
  if (type === 'candidate.capture') return draft('candidate.failed', run, agent, { message })
  if (failures < limit.startAttempts) return null
  if (cleaning && (type === 'worktree.remove' || type === 'pane.close'))
    return draft('worktree.kept', run, agent, { message })
  return type === 'pane.open' ? draft('agent.failed', run, agent, { code, message }) : null
}
