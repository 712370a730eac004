import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { clearPlace, furnish, placeVariable } from '../adapters/check/place.ts'
import { runChecks } from '../adapters/check/run-checks.ts'
import { exportTree } from '../adapters/git/export-tree.ts'
import type { Own } from '../adapters/git/own.ts'
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
}

/** Runs the project's checks on trees, in directories of Kage's own, one tree after the other; the same tree is checked once at a time. */
export class Checks {
  readonly #above: string
  readonly #slot = new Slots(1)
  readonly #under = new Map<
    string,
    { readonly ended: AbortController; readonly results: Promise<CheckResult[]> }
  >()

  constructor(above: string) {
    this.#above = above
  }

  /** The results of a tree's checks in their order; fewer when it is called off. */
  check(wish: CheckWish): Promise<CheckResult[]> {
    const key = `${wish.run} ${wish.tree}`
    const known = this.#under.get(key)
    if (known !== undefined) return known.results
    const ended = new AbortController()
    const results = this.#slot.run(() => this.#check(wish, ended.signal))
    this.#under.set(key, { ended, results })
    const forget = (): void => void this.#under.delete(key)
    results.then(forget, forget)
    return results
  }

  /** Calls off what is checked for a run, or everything; resolves when nothing of it is left. */
  async stop(run: string | null = null): Promise<void> {
    const under = [...this.#under].filter(([key]) => run === null || key.startsWith(`${run} `))
    for (const [, { ended }] of under) ended.abort()
    await Promise.allSettled(under.map(([, { results }]) => results))
  }

  async #check(wish: CheckWish, signal: AbortSignal): Promise<CheckResult[]> {
    if (signal.aborted) return []
    const directory = join(this.#above, randomUUID())
    const env = { ...wish.env, [placeVariable]: directory }
    try {
      await exportTree(wish.own, wish.settings, { tree: wish.tree, directory })
      await furnish(directory, wish.root, wish.worktree)
      const setup = wish.worktree.setup.map((command, at): Check => {
        return { name: `setup ${at + 1}`, kind: 'build', command, required: true, timeoutMs: setupMs }
      })
      const prepared = await runChecks(setup, { directory, env, signal })
      const failed = prepared.find(({ outcome }) => outcome !== 'passed')
      return failed === undefined ? await runChecks(wish.checks, { directory, env, signal }) : [failed]
    } finally {
      await clearPlace(directory)
    }
  }
}

const setupMs = 600_000
