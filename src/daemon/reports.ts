import { setTimeout as pause } from 'node:timers/promises'
import type { Outboxes } from '../adapters/process/outbox.ts'
import type { EventDraft } from '../core/event.ts'
import { limit } from '../core/limit.ts'
import { reportEvents } from '../core/reports.ts'
import { agentOf, ended } from '../core/state.ts'
import type { Kernel } from './kernel.ts'
import { agentOfSpool, type Spools } from './spool-place.ts'

/**
 * Turns what agents write into their outboxes into events, within some milliseconds and without a look at anything else.
 * What is written while the last events are on their way to the disk is gathered. Reading and noting is one turn, so the
 * regular look, which reads outboxes too, never counts a report again.
 */
export class Reports {
  readonly #kernel: Kernel
  readonly #outboxes: Outboxes
  readonly #spools: Spools
  readonly #woken = new Set<string>()
  #running: Promise<void> | null = null
  #closed = false

  constructor(kernel: Kernel, outboxes: Outboxes, spools: Spools) {
    this.#kernel = kernel
    this.#outboxes = outboxes
    this.#spools = spools
  }

  /** Something was written into the outbox of a spool. */
  wake(spool: string): void {
    this.#woken.add(spool)
    if (!this.#closed) this.#running ??= this.#run().finally(() => (this.#running = null))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#woken.size > 0 && !this.#closed) {
      const spools = [...this.#woken]
      this.#woken.clear()
      // A store that fails ends the daemon: the next one reads on from what is durable.
      await this.#kernel.append(spools.flatMap((spool) => this.#read(spool))).catch(() => {})
      await pause(limit.reportGatherMs)
    }
  }

  #read(spool: string): EventDraft[] {
    const place = agentOfSpool(spool)
    const agent = place === null ? null : agentOf(this.#kernel.state, place.run, place.name)
    if (place === null || agent === null || agent.attempt !== place.attempt) return []
    // Before its start is noted, and after its end, only the regular look speaks of it.
    if (agent.process === null || ended(agent)) return []
    const { reports, more } = this.#outboxes.read(
      this.#spools.of(place.run, agent).agent,
      agent.outbox,
      false,
    )
    if (more) this.#woken.add(spool)
    return reportEvents(place.run, agent, reports)
  }
}
