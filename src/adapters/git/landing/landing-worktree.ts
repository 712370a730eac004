import type { Oid } from '../../../core/merge/change.ts'
import type { Journal } from './journal.ts'
import { changedRefused } from './changed-refused.ts'
import type { LandingPlan, LandingRequest } from './landing-plan.ts'
import { pathSteps } from './path-steps.ts'
import type { PathSteps } from './path-steps.ts'
import { worktreeTree } from '../worktree/snapshot.ts'
import { treeChanges } from '../diff/tree-changes.ts'

/** The worktree as it lies there, uncommitted and untracked work included, as a tree. */
export async function snapshotOfTarget({
  own,
  repository,
  settings,
  head,
}: Pick<LandingRequest, 'own' | 'repository' | 'settings' | 'head'>): Promise<Oid> {
  const { root: workTree, gitDir } = repository
  return (await worktreeTree(own, { workTree, gitDir, base: head, settings }, 'one')).tree
}

/** The plan that takes the person's worktree from one tree to another: files alone are written, never the index. */
export async function planWorktree(request: LandingRequest, ours: Oid, merged: Oid): Promise<Journal> {
  const changes = await treeChanges(request.own, ours, merged)
  const steps = await pathSteps(request, changes, hasFileMode(request))
  // A checkout would write these otherwise (mixed line ends), or someone has just written them: a second look tells.
  if (steps.unlike.length > 0 && (await snapshotOfTarget(request)) !== ours) {
    throw changedRefused({ kind: 'landing' }, steps.unlike)
  }
  return { plan: planOf(request, merged, steps), contents: steps.contents }
}

/** A plan with the steps for a worktree and nothing else. */
export function planOf(request: LandingRequest, tree: Oid, steps: Omit<PathSteps, 'unlike'>): LandingPlan {
  const { own, repository, id } = request
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id)) throw new Error(`${id} cannot name a landing`)
  return {
    id,
    kind: 'landing',
    own,
    repository,
    journal: id,
    tree,
    commit: null,
    fileMode: hasFileMode(request),
    steps: steps.steps,
    made: steps.made,
    left: steps.left,
    branch: null,
    index: null,
  }
}

/** Whether execute bits count in this worktree. */
export function hasFileMode({ settings }: LandingRequest): boolean {
  const value = settings.config.findLast((setting) => setting.startsWith('core.filemode='))
  return !/=(false|no|off|0)?$/i.test(value ?? '=true')
}
