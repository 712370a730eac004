import {
  type AlarmState,
  liesInWorktree,
  newAlarms,
  type RaisedAlarm,
  type WatchedPart,
} from '../../core/alarm.ts'
import { archivedOf } from '../../core/archive/archive.ts'
import { draft } from '../../core/draft.ts'
import { faultOf } from '../../core/error.ts'
import type { KageEvent, Landing } from '../../core/event.ts'
import type { RunState } from '../../core/state.ts'
import { withLandedHooks } from '../../adapters/git/watch/landed-hooks.ts'
import { guardedParts } from '../../adapters/git/watch/guarded.ts'
import type { Repository } from '../../adapters/git/repository/repository.ts'
import type { Kernel } from '../kernel.ts'
import { Lanes } from '../lane.ts'
import type { Repositories } from '../repositories.ts'
import { Baselines } from './baseline.ts'
import { GuardWatch } from './guard-watch.ts'
import { partsNow } from './parts-now.ts'
import { RefWatch } from './ref-watch.ts'

export interface WatchParts {
  readonly kernel: Kernel
  readonly repositories: Repositories
  readonly stateDirectory: string
  readonly redact: (text: string) => string
  readonly log: (line: string) => void
}

/**
 * Watches what agents could change beside their worktrees. It looks when a turn or an agent ends, when a guarded file is
 * written meanwhile, and whenever a review or landing asks; nothing is polled. Looks at one repository come one after the other.
 */
export class Watch {
  readonly #parts: WatchParts
  readonly #baselines: Baselines
  readonly #refs: RefWatch
  readonly #guards: GuardWatch
  readonly #lanes = new Lanes()
  readonly #lookedAt = new Map<string, string>()

  constructor(parts: WatchParts) {
    this.#parts = parts
    this.#baselines = new Baselines(parts.stateDirectory)
    this.#refs = new RefWatch(parts)
    parts.kernel.listen((events) => {
      for (const run of new Set(events.filter(endsTurn).map((event) => event.run ?? '')))
        this.#telling(run, this.look(run))
    })
    this.#guards = new GuardWatch(parts, (runs) => {
      for (const { id } of runs) this.#telling(id, this.#lookInPassing(id))
    })
  }

  /** Notes how a repository is before a run begins; returns what the run keeps of it. */
  async begin(repository: Repository): Promise<Readonly<Record<string, string>>> {
    const [hashes] = await Promise.all([
      guardedParts(repository).then((parts) => this.#baselines.keep(parts)),
      this.#lanes.run(repository.key, () => this.#refs.look(repository)),
    ])
    return hashes
  }

  /** Looks at the repository of a run; resolves when what was found is durable. */
  async look(id: string): Promise<void> {
    const run = this.#parts.kernel.state.runs[id]
    if (run === undefined) return
    await this.#lanes.run(run.repository.key, () => this.#look(run.id))
  }

  /** Resolves when every look that was asked for has ended. */
  settled(): Promise<void> {
    return this.#lanes.idle()
  }

  #telling(run: string, look: Promise<void>): void {
    look.catch((thrown: unknown) => this.#parts.log(`watch ${run}: ${faultOf(thrown).message}`))
  }

  /** Looks for alarms alone, and not at files of the worktree, since agents and the person are in the midst of their work. */
  async #lookInPassing(id: string): Promise<void> {
    const { kernel, repositories } = this.#parts
    const record = kernel.state.runs[id]?.repository
    if (record === undefined) return
    await this.#lanes.run(record.key, async () => {
      const run = kernel.state.runs[id]
      if (run !== undefined)
        await this.#lookForAlarms(run, await repositories.ofRecord(record), (alarm) => !liesInWorktree(alarm))
    })
  }

  /** Ends what it waits for; resolves when every look has ended. */
  close(): Promise<void> {
    this.#guards.close()
    return this.settled()
  }

  async #look(id: string): Promise<void> {
    const { kernel, repositories } = this.#parts
    const run = kernel.state.runs[id]
    if (run === undefined || run.agents.every(({ desired }) => desired === 'cleaned')) return
    const repository = await repositories.ofRecord(run.repository)
    const at = new Date().toISOString()
    await Promise.all([this.#lookForAlarms(run, repository), this.#refs.look(repository)])
    this.#lookedAt.set(id, at)
  }

  async #lookForAlarms(
    before: RunState,
    repository: Repository,
    counts: (alarm: RaisedAlarm) => boolean = () => true,
  ): Promise<void> {
    const { kernel, redact, repositories } = this.#parts
    const [baseline, found, own] = await Promise.all([
      this.#baselines.of(before),
      partsNow(before, repository),
      repositories.own(repository),
    ])
    const marked = await withLandedHooks(own, found, baseline, landingsIn(kernel, before))
    const raising = (run: RunState, parts: readonly WatchedPart[]): RaisedAlarm[] => {
      const sinceAt = this.#lookedAt.get(run.id) ?? run.at
      return newAlarms(run, baseline, parts, { sinceAt, elsewhere: acknowledgedElsewhere(kernel, run) })
    }
    const hooks = raising(before, marked).filter(({ kind }) => kind === 'hook')
    const earlier = archivedLandings(kernel, before, new Set(hooks.map(({ subject }) => subject)))
    const parts = await withLandedHooks(own, marked, baseline, earlier)
    const run = kernel.state.runs[before.id]
    if (run === undefined) return
    const raised = raising(run, parts).filter(counts)
    if (raised.length === 0) return
    const clean = (text: string | null): string | null => (text === null ? null : redact(text))
    const alarms = raised.map((alarm) => ({
      ...alarm,
      before: clean(alarm.before),
      after: clean(alarm.after),
    }))
    await kernel.append([draft('alarm.raised', run.id, null, { alarms })])
  }
}

/** Landings in a run's repository, whichever run they were of. */
function landingsIn({ state }: Kernel, { repository }: RunState): Landing[] {
  return Object.values(state.landings).filter(({ run }) => state.runs[run]?.repository.key === repository.key)
}

/** Those of archived runs that may have written one of these hooks: only for such a hook their events are read. */
function archivedLandings(kernel: Kernel, { repository }: RunState, hooks: ReadonlySet<string>): Landing[] {
  if (hooks.size === 0) return []
  return archivedOf(kernel.state.archive, repository.key).flatMap(({ id, landings }) => {
    const wrote = landings.filter(({ paths }) => paths?.some((path) => hooks.has(path)) ?? true)
    if (wrote.length === 0) return []
    const past = kernel.stateWith(id).landings
    return wrote.flatMap(({ undo }) => past[undo] ?? [])
  })
}

/** What was acknowledged for another run of the same repository, also an archived one, need not be acknowledged again. */
function acknowledgedElsewhere(
  { state }: Kernel,
  run: RunState,
): readonly Pick<AlarmState, 'subject' | 'hash'>[] {
  const { key } = run.repository
  const others = Object.values(state.runs).filter(
    ({ id, repository }) => id !== run.id && repository.key === key,
  )
  const live = others.flatMap(({ alarms }) => alarms.filter(({ acknowledged }) => acknowledged))
  return [...live, ...(state.repositories[key]?.acknowledged ?? [])]
}

function endsTurn({ type, run, ...event }: KageEvent): boolean {
  if (run === null) return false
  if (type === 'agent.exited' || type === 'agent.failed' || type === 'agent.finished') return true
  return type === 'agent.reported' && 'status' in event.data && event.data.status === 'waiting'
}
