import { agentsOf } from '../../core/agent/kind.ts'
import { setTimeout as pause } from 'node:timers/promises'
import type { Repository } from '../../adapters/git/repository/repository.ts'
import { keepLost } from '../../adapters/git/watch/keep-lost.ts'
import { type LostRef, lostRefs } from '../../adapters/git/watch/lost.ts'
import { type PersonRefs, readPersonRefs } from '../../adapters/git/watch/person-refs.ts'
import { workedSince } from '../../core/alarm.ts'
import { draft } from '../../core/draft.ts'
import { faultOf } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { RunState } from '../../core/state.ts'
import type { Kernel } from '../kernel.ts'
import type { Repositories } from '../repositories.ts'
import { RefStore } from './ref-store.ts'

interface RefWatchParts {
  readonly kernel: Kernel
  readonly repositories: Repositories
  readonly stateDirectory: string
  readonly log: (line: string) => void
}

/** Notices which refs and stash entries of the person's went, or were rewound, while agents worked, and keeps what they named. */
export class RefWatch {
  readonly #parts: RefWatchParts
  readonly #store: RefStore

  constructor(parts: RefWatchParts) {
    this.#parts = parts
    this.#store = new RefStore(parts.stateDirectory)
  }

  /** Compares the refs of a repository with those of the last look; changes count only while agents work. */
  async look(repository: Repository): Promise<void> {
    const { kernel } = this.#parts
    const runs = runsOf(kernel, repository)
    const at = new Date().toISOString()
    const before = await this.#store.read(repository.key)
    const { repositories } = kernel.state
    const archived = repositories[repository.key]?.prefixes ?? []
    const isOurs = (branch: string): boolean =>
      isAgents(runs, branch) || archived.some((prefix) => branch.startsWith(prefix))
    const now = await readPersonRefs(repository, isOurs)
    const working =
      before === null ? [] : runs.filter(({ agents }) => workedSince(agents, before.at).length > 0)
    const run = working.at(-1)
    if (before !== null && run !== undefined) await this.#compare(repository, run, before, now)
    await this.#store.write(repository.key, { ...now, at })
  }

  async #compare(
    repository: Repository,
    run: RunState,
    before: PersonRefs & { readonly at: string },
    now: PersonRefs,
  ): Promise<void> {
    const { kernel } = this.#parts
    const agentGitDirs = runsOf(kernel, repository).flatMap(({ agents }) =>
      agents.flatMap(({ gitDir }) => gitDir ?? []),
    )
    if ((await lostRefs(repository, before, now, agentGitDirs)).length === 0) return
    // git writes a ref before the log of HEAD that tells whose doing it was.
    await pause(limit.reflogSettleMs)
    const lost = await lostRefs(repository, before, now, agentGitDirs)
    if (lost.length === 0) return
    await this.#keep(repository, lost, now)
    const count = kernel.state.runs[run.id]?.notices.length ?? 0
    const agents = workedSince(run.agents, before.at)
    const notices = lost.map((each, index) => ({ id: `n${count + index + 1}`, ...each, agents }))
    await kernel.append([draft('notice.raised', run.id, null, { notices })])
  }

  /** What is gone already is told all the same. */
  async #keep(repository: Repository, lost: readonly LostRef[], now: PersonRefs): Promise<void> {
    const own = await this.#parts.repositories.own(repository)
    for (const { name, before } of lost)
      await keepLost(own, repository, before, now).catch((thrown: unknown) =>
        this.#parts.log(`${name} ${before} could not be kept: ${faultOf(thrown).message}`),
      )
  }
}

function runsOf({ state }: Kernel, { key }: Repository): RunState[] {
  return Object.values(state.runs).filter((run) => run.repository.key === key && agentsOf(run).length > 0)
}

/** Branches of agents are Kage's to move and to remove. */
function isAgents(runs: readonly RunState[], branch: string): boolean {
  return (
    branch.startsWith('kage/') ||
    runs.some(({ id, agents }) =>
      agents.some((agent) =>
        branch.startsWith(agent.branch.slice(0, agent.branch.lastIndexOf(`/${id}/`) + 1) || '\0'),
      ),
    )
  )
}
