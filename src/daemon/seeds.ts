import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { holdBase } from '../adapters/git/agent/base.ts'
import { givenRefs } from '../adapters/git/agent/refs.ts'
import { removeDirectory } from '../adapters/git/agent/remove.ts'
import { makeSeed, type Seed } from '../adapters/git/agent/seed.ts'
import { createBranches } from '../adapters/git/repository/branch.ts'
import { readSettings } from '../adapters/git/repository/config.ts'
import type { GitPlace } from '../adapters/git/command/git.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { limit } from '../core/limit.ts'
import type { RunState } from '../core/state.ts'
import { keepBase } from './bases.ts'

export interface SeedWish {
  readonly run: RunState
  readonly own: Own
  readonly repository: Repository
  /** Where worktrees of the run are made. */
  readonly place: () => Promise<GitPlace>
}

/** What all agents of a run are made from. */
export interface RunSeed {
  readonly seed: Seed
  /** Settings that switch off what the configuration could run. */
  readonly guards: readonly string[]
  /** Branches of agents that were created in the person's repository just now. */
  readonly branches: Set<string>
}

/** The seeds of agents' git directories, one for each run whose agents are being made. */
export class Seeds {
  readonly #root: string
  readonly #seeds = new Map<string, Promise<RunSeed>>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #swept: Promise<void> | null = null

  constructor(gitRoot: string) {
    this.#root = gitRoot
  }

  /** The seed of a run, made with its first agent: before any of them begins. */
  of(wish: SeedWish): Promise<RunSeed> {
    const { run } = wish
    clearTimeout(this.#timers.get(run.id))
    this.#timers.set(
      run.id,
      setTimeout(() => void this.#drop(run.id).catch(() => {}), limit.seedKeptMs).unref(),
    )
    const known = this.#seeds.get(run.id)
    if (known !== undefined) return known
    const made = this.#make(wish)
    this.#seeds.set(run.id, made)
    made.catch(() => this.#seeds.delete(run.id))
    return made
  }

  async #drop(run: string): Promise<void> {
    const made = await this.#seeds.get(run)?.catch(() => null)
    this.#seeds.delete(run)
    if (made) await removeDirectory(made.seed.directory)
  }

  /** Removes the seeds that an earlier daemon left. */
  async #sweep(): Promise<void> {
    const names = (await readdir(this.#root).catch(() => [])).filter((name) => name.endsWith('.seed'))
    await Promise.all(names.map((name) => removeDirectory(join(this.#root, name)).catch(() => {})))
  }

  async #make({ run, own, repository, place }: SeedWish): Promise<RunSeed> {
    await (this.#swept ??= this.#sweep())
    const { id, base } = run
    const prefix = (run.agents[0]?.branch ?? '').split(`/${id}/`, 1)[0] ?? ''
    const [settings, refs, { settings: guards = [] }, branches] = await Promise.all([
      readSettings(repository.place),
      givenRefs(repository, { base, prefix, refs: run.refs ?? 'some' }),
      place(),
      createBranches(repository, newBranches(run), base),
    ])
    const [seed] = await Promise.all([
      makeSeed(join(this.#root, `${id}.seed`), { repository, settings, refs }),
      holdBase(own, repository, { run: id, base, tips: refs.tips, isNew: true }).then(() =>
        keepBase(own, repository, run),
      ),
    ])
    return { seed, guards, branches }
  }
}

function newBranches(run: RunState): string[] {
  return run.agents.filter(({ worktreeState }) => worktreeState === 'absent').map(({ branch }) => branch)
}
