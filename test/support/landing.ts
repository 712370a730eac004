import type { FileEdit } from '../../src/core/merge/change.ts'
import { planLanding } from '../../src/adapters/git/landing/landing.ts'
import type {
  LandingOutcome,
  LandingPlan,
  LandingTarget,
} from '../../src/adapters/git/landing/landing-plan.ts'
import { writeTrees } from '../../src/adapters/git/object/write.ts'
import { gitIn } from './git-repository.ts'
import type { Opened } from './own-repository.ts'

export interface LandingShape {
  readonly edits: readonly FileEdit[]
  readonly target?: LandingTarget
  /** What was landed before; the commit at opening when absent. */
  readonly base?: string
  readonly id?: string
  readonly dryRun?: boolean
}

/** Composes edits of the commit at opening and plans to land them. */
export async function outcomeOf(opened: Opened, shape: LandingShape): Promise<LandingOutcome> {
  const { own, repository, settings, head } = opened
  const [composed] = await writeTrees(own, head, [shape.edits])
  const base = shape.base ?? gitIn(opened.root, ['rev-parse', `${head}^{tree}`]).trim()
  const target = shape.target ?? { kind: 'worktree' }
  const dryRun = shape.dryRun ?? false
  return await planLanding({
    own,
    repository,
    settings,
    id: shape.id ?? 'u1',
    target,
    head,
    base,
    composed: composed!,
    dryRun,
  })
}

/** The same, where a plan is expected. */
export async function planOf(opened: Opened, shape: LandingShape): Promise<LandingPlan> {
  const outcome = await outcomeOf(opened, shape)
  if (outcome.kind !== 'plan') throw new Error(JSON.stringify(outcome))
  return outcome.plan
}

/** An edit that gives a path a content. */
export function put(path: string, content: string, mode = '100644'): FileEdit {
  return { path, mode, content }
}

/** An edit that removes a path. */
export function removed(path: string): FileEdit {
  return { path, removed: true }
}

/** The current branch as a target. */
export function currentBranch(
  shape: { ref?: string; message?: string; sources?: string[] } = {},
): LandingTarget {
  const { ref = 'refs/heads/main', message = 'Take it', sources = [] } = shape
  return { kind: 'branch', ref, checkedOut: true, message, sources }
}
