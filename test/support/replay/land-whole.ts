import { execFileSync } from 'node:child_process'
import type { ByteSettings } from '../../../src/adapters/git/repository/byte-settings.ts'
import { planLanding } from '../../../src/adapters/git/landing/landing.ts'
import type { LandingOutcome } from '../../../src/adapters/git/landing/landing-plan.ts'
import type { Own } from '../../../src/adapters/git/repository/own.ts'
import { mergeTrees } from '../../../src/adapters/git/merge/merge.ts'
import type { Repository } from '../../../src/adapters/git/repository/repository.ts'
import type { Oid } from '../../../src/core/merge/change.ts'
import { plainEnvironment } from './plain-merge.ts'
import type { Landed } from './sequence.ts'
import { composedTrees } from './sequence.ts'
import { takeAll, worldOf } from './world.ts'
import type { Pair } from './world.ts'

/** A repository with Kage's own beside it, in which merges are replayed; branches are made in it. */
export interface Replayed {
  readonly repository: Repository
  readonly own: Own
  readonly settings: ByteSettings
}

/** How long a selection of all of theirs takes, from the trees to the plan of its landing, and git's own merge of the same pair. */
export interface Duration {
  readonly kageMs: number
  /** Of it what each further selection takes: composing what is decided, and merging it. */
  readonly selectionMs: number
  readonly planMs: number
  readonly gitMs: number
}

/** Takes all of theirs and plans to land it on a branch that stands at ours; git merges the same pair beside it. */
export async function landWhole(
  replayed: Replayed,
  pair: Pair,
): Promise<{ landed: Landed; duration: Duration }> {
  const { repository, own } = replayed
  const branch = `replay/${pair.ours.commit}`
  gitIn(repository, 'update-ref', `refs/heads/${branch}`, pair.ours.commit)
  const start = performance.now()
  const world = await worldOf(own, pair)
  const decisions = takeAll(world, 'theirs')
  const known = performance.now()
  const [composed = ''] = await composedTrees(world, [decisions])
  const middle = performance.now()
  const outcome = await plan(replayed, pair, branch, composed)
  const end = performance.now()
  await mergeTrees(own, [{ base: pair.base.tree, ours: pair.ours.tree, theirs: composed }])
  const mergeMs = performance.now() - end
  const before = performance.now()
  gitIn(repository, '-c', 'merge.directoryRenames=false', 'merge-tree', '--write-tree', ...pair.plain)
  const gitMs = performance.now() - before
  gitIn(repository, 'update-ref', '-d', `refs/heads/${branch}`)
  return {
    landed: resultOf(outcome),
    duration: { kageMs: end - start, selectionMs: middle - known + mergeMs, planMs: end - middle, gitMs },
  }
}

// A merge that conflicts ends with 1.
function gitIn({ gitDir }: Repository, ...args: string[]): void {
  try {
    execFileSync('git', [`--git-dir=${gitDir}`, ...args], { env: plainEnvironment(), stdio: 'ignore' })
  } catch (error) {
    if (!(error instanceof Error) || !('status' in error) || error.status !== 1) throw error
  }
}

function plan(
  { repository, own, settings }: Replayed,
  pair: Pair,
  ref: string,
  composed: Oid,
): Promise<LandingOutcome> {
  return planLanding({
    own,
    repository,
    settings,
    id: 'u1',
    target: { kind: 'branch', ref, checkedOut: false, message: 'Take it', sources: [] },
    head: pair.ours.commit,
    base: pair.base.tree,
    composed,
    dryRun: true,
  })
}

function resultOf(outcome: LandingOutcome): Landed {
  if (outcome.kind === 'plan') return { tree: outcome.plan.tree, refused: new Set() }
  const conflicts = outcome.kind === 'conflict' ? outcome.conflicts.map(({ path }) => path) : []
  return { tree: outcome.tree, refused: new Set(conflicts) }
}
