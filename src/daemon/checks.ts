import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { clearPlace, furnish, placeVariable } from '../adapters/check/place.ts'
import { runChecks } from '../adapters/check/run-checks.ts'
import { exportTree } from '../adapters/git/worktree/export-tree.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Check, CheckResult } from '../core/check.ts'
import type { WorktreeConfig } from '../core/config.ts'
import type { ByteSettings } from '../core/event.ts'
import type { Oid } from '../core/merge/change.ts'
import { Slots } from './slots.ts'

/** What is checked, and where its bytes and the rest of a worktree come from. */
export interface CheckWish {
  readonly run: string
  readonly own: Own
  readonly settings: ByteSettings
  readonly root: string
  readonly tree: Oid
  readonly checks: readonly Check[]
  readonly worktree: WorktreeConfig
  readonly env: Readonly<Record<string, string>>
  /** Notes the results so far and the names of what is left; neither where the checks were called off. */
  readonly note: (results: readonly CheckResult[], left: readonly string[]) => Promise<unknown>
}

/** How a tree's checks ended, in their order; not all of them where they were called off. */
export interface Checking {
  readonly results: readonly CheckResult[]
  readonly stopped: boolean
}

interface Under {
  readonly run: string
  readonly tree: Oid
  readonly ended: AbortController
  readonly askers: Set<string>
  readonly checking: Promise<Checking>
}

/** Runs the project's checks on trees, in directories of Kage's own, one tree after the other; the same tree is checked once at a time. */
export class Checks {
  readonly #above: string
  readonly #slot = new Slots(1)
  readonly #under = new Set<Under>()

  constructor(above: string) {
    this.#above = above
  }

  /** Checks a tree, or waits with others who asked for it. */
  check(wish: CheckWish, asker: string): Promise<Checking> {
    const { run, tree } = wish
    const known = [...this.#under].find((each) => {
      return each.run === run && each.tree === tree && !each.ended.signal.aborted
    })
    if (known !== undefined) {
      known.askers.add(asker)
      return known.checking
    }
    const ended = new AbortController()
    const checking = this.#slot.run(() => this.#check(wish, ended.signal))
    const under = { run, tree, ended, askers: new Set([asker]), checking }
    this.#under.add(under)
    const forget = (): void => void this.#under.delete(under)
    checking.then(forget, forget)
    return checking
  }

  /** Calls off what nobody but this asker waits for. */
  leave(asker: string): void {
    for (const { askers, ended } of this.#under) if (askers.delete(asker) && askers.size === 0) ended.abort()
  }

  /** Calls off what is checked for a run, or everything; resolves when nothing of it is left. */
  async stop(run: string | null = null): Promise<void> {
    const under = [...this.#under].filter((each) => run === null || each.run === run)
    for (const { ended } of under) ended.abort()
    await Promise.allSettled(under.map(({ checking }) => checking))
  }

  async #check(wish: CheckWish, signal: AbortSignal): Promise<Checking> {
    if (signal.aborted) return { results: [], stopped: true }
    const names = wish.checks.map(({ name }) => name)
    const directory = join(this.#above, randomUUID())
    let results: readonly CheckResult[] = []
    let isWhole = false
    try {
      await wish.note([], names)
      results = await this.#run(wish, { directory, signal })
      isWhole = !signal.aborted
    } finally {
      await clearPlace(directory)
      await wish.note(isWhole ? results : [], [])
    }
    return { results, stopped: !isWhole }
  }

  async #run(
    { own, settings, root, tree, checks, worktree, env, note }: CheckWish,
    { directory, signal }: { readonly directory: string; readonly signal: AbortSignal },
  ): Promise<readonly CheckResult[]> {
    await exportTree(own, settings, { tree, directory })
    await furnish(directory, root, worktree)
    const setup = worktree.setup.map((command, at): Check => {
      return { name: `setup ${at + 1}`, kind: 'build', command, required: true, timeoutMs: setupMs }
    })
    const run = { directory, env: { ...env, [placeVariable]: directory }, signal }
    const prepared = await runChecks(setup, run)
    const failed = prepared.find(({ outcome }) => outcome !== 'passed')
    if (failed !== undefined) return [failed]
    const left = (done: number): string[] => checks.slice(done).map(({ name }) => name)
    const onResult = (results: readonly CheckResult[]): void => {
      if (results.length < checks.length) void note(results, left(results.length))
    }
    return runChecks(checks, { ...run, onResult })
  }
}

const setupMs = 600_000
