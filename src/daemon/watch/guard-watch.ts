import { agentsOf } from '../../core/agent/kind.ts'
import { watchGuarded } from '../../adapters/git/watch/guard-events.ts'
import { faultOf } from '../../core/error.ts'
import type { RepositoryRecord } from '../../core/event.ts'
import { limit } from '../../core/limit.ts'
import { ended, type RunState } from '../../core/state.ts'
import type { Kernel } from '../kernel.ts'
import type { Repositories } from '../repositories.ts'

interface GuardWatchParts {
  readonly kernel: Kernel
  readonly repositories: Repositories
  readonly log: (line: string) => void
}

/**
 * Watches the guarded files of each repository in which agents are not at their end, so that a change is looked at that is
 * taken back before an agent ends. Writes within some milliseconds are one look.
 */
export class GuardWatch {
  readonly #parts: GuardWatchParts
  readonly #onChange: (runs: readonly RunState[]) => void
  readonly #watches = new Map<string, () => void>()
  #isClosed = false
  readonly #due = new Map<string, NodeJS.Timeout>()

  constructor(parts: GuardWatchParts, onChange: (runs: readonly RunState[]) => void) {
    this.#parts = parts
    this.#onChange = onChange
    parts.kernel.listen((events) => {
      for (const { type, data } of events) if (type === 'repository.moved') this.#end(data.repository)
      if (events.some(({ type }) => changing.has(type))) this.#arrange()
    })
    this.#arrange()
  }

  /** Ends every watch for good. */
  close(): void {
    this.#isClosed = true
    for (const key of this.#watches.keys()) this.#end(key)
  }

  #arrange(): void {
    if (this.#isClosed) return
    const runs = Object.values(this.#parts.kernel.state.runs).filter(isAtWork)
    const wanted = new Map(runs.map(({ repository }) => [repository.key, repository]))
    for (const key of this.#watches.keys()) if (!wanted.has(key)) this.#end(key)
    for (const [key, record] of wanted) if (!this.#watches.has(key)) this.#begin(record)
  }

  #begin(record: RepositoryRecord): void {
    const { key } = record
    let isOver = false
    let stop = (): void => {}
    this.#watches.set(key, () => {
      isOver = true
      stop()
    })
    this.#parts.repositories.ofRecord(record).then(
      (repository) => {
        if (!isOver) stop = watchGuarded(repository, () => this.#changed(key))
      },
      (thrown: unknown) => {
        this.#end(key)
        this.#parts.log(`guarded files of ${key} are not watched: ${faultOf(thrown).message}`)
      },
    )
  }

  #changed(key: string): void {
    if (this.#due.has(key)) return
    const look = (): void => {
      this.#due.delete(key)
      const runs = Object.values(this.#parts.kernel.state.runs)
      this.#onChange(runs.filter((run) => run.repository.key === key && isAtWork(run)))
    }
    this.#due.set(key, setTimeout(look, limit.guardGatherMs).unref())
  }

  #end(key: string): void {
    this.#watches.get(key)?.()
    this.#watches.delete(key)
    clearTimeout(this.#due.get(key))
    this.#due.delete(key)
  }
}

/** Events after which other repositories are to be watched. */
const changing: ReadonlySet<string> = new Set([
  'run.started',
  'run.cleaning',
  'agent.requeued',
  'agent.restarting',
  'agent.exited',
  'agent.failed',
  'repository.moved',
])

function isAtWork(run: RunState): boolean {
  return agentsOf(run).some((agent) => !ended(agent) && agent.desired !== 'cleaned')
}
