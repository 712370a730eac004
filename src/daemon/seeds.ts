import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { holdBase } from '../adapters/git/agent/base.ts'
import { givenRefs } from '../adapters/git/agent/refs.ts'
import { removeDirectory } from '../adapters/git/agent/remove.ts'
import { makeSeed, type Seed } from '../adapters/git/agent/seed.ts'
import { readSettings } from '../adapters/git/config.ts'
import type { Own } from '../adapters/git/own.ts'
import type { Repository } from '../adapters/git/repository.ts'
import { limit } from '../core/limit.ts'
import type { RunState } from '../core/state.ts'
import { keepBase } from './bases.ts'

/** The seeds of agents' git directories, one for each run whose agents are being made. */
export class Seeds {
  readonly #root: string
  readonly #seeds = new Map<string, Promise<Seed>>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #swept: Promise<void> | null = null

  constructor(gitRoot: string) {
    this.#root = gitRoot
  }

  /** The seed of a run, made with its first agent: before any of them begins. */
  of(run: RunState, own: Own, repository: Repository): Promise<Seed> {
    clearTimeout(this.#timers.get(run.id))
    this.#timers.set(
      run.id,
      setTimeout(() => void this.#drop(run.id).catch(() => {}), limit.seedKeptMs).unref(),
    )
    const known = this.#seeds.get(run.id)
    if (known !== undefined) return known
    const made = this.#make(run, own, repository)
    this.#seeds.set(run.id, made)
    made.catch(() => this.#seeds.delete(run.id))
    return made
  }

  async #drop(run: string): Promise<void> {
    const seed = await this.#seeds.get(run)?.catch(() => null)
    this.#seeds.delete(run)
    if (seed) await removeDirectory(seed.directory)
  }

  /** Removes the seeds that an earlier daemon left. */
  async #sweep(): Promise<void> {
    const names = (await readdir(this.#root).catch(() => [])).filter((name) => name.endsWith('.seed'))
    await Promise.all(names.map((name) => removeDirectory(join(this.#root, name)).catch(() => {})))
  }

  async #make(run: RunState, own: Own, repository: Repository): Promise<Seed> {
    await (this.#swept ??= this.#sweep())
    const prefix = (run.agents[0]?.branch ?? '').split(`/${run.id}/`, 1)[0] ?? ''
    const [settings, refs] = await Promise.all([
      readSettings(repository.place),
      givenRefs(repository, { base: run.base, prefix, refs: run.refs ?? 'some' }),
    ])
    await holdBase(own, repository, { run: run.id, base: run.base, tips: refs.tips })
    await keepBase(own, repository, run)
    return makeSeed(join(this.#root, `${run.id}.seed`), { repository, settings, refs })
  }
}
