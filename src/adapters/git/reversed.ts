import type { TreePath } from '../../core/merge/change.ts'
import type { LandingPlan, TreeChange } from './landing-plan.ts'

/** The plan that takes a plan back, with temporary files of its own. */
export function reversed(plan: LandingPlan, id: string, temporary: readonly TreePath[]): LandingPlan {
  const { branch, index } = plan
  return {
    ...plan,
    id,
    steps: plan.steps.map(({ path, old, new: now }, at) => ({
      path,
      old: now,
      new: old,
      temporary: temporary[at]!,
    })),
    made: plan.left.toReversed(),
    left: plan.made.toReversed(),
    branch:
      branch === null
        ? null
        : { ...branch, old: branch.new, new: branch.old, reason: `kage: undo ${plan.id}` },
    index:
      index === null ? null : { old: index.new, new: index.old, entries: index.entries.map(reversedEntry) },
  }
}

function reversedEntry({ path, old, new: now }: TreeChange): TreeChange {
  return { path, old: now, new: old }
}
