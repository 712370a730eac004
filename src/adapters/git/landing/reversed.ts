import type { BranchStep, IndexStep, LandingPlan, PathStep } from './landing-plan.ts'
import type { TreeChange } from '../diff/tree-changes.ts'

/** The plan that takes a plan back; its temporary files need names of their own. */
export function reversed(plan: LandingPlan): LandingPlan {
  const { id, branch, index, steps, made, left } = plan
  return {
    ...plan,
    steps: steps.map(reversedStep),
    made: left.toReversed(),
    left: made.toReversed(),
    branch: branch === null ? null : reversedBranch(branch, id),
    index: index === null ? null : reversedIndex(index),
  }
}

/** The changes that take changes back. */
export function reversedChanges(changes: readonly TreeChange[]): TreeChange[] {
  return changes.map(({ path, old, new: now }) => ({ path, old: now, new: old }))
}

function reversedStep({ path, old, new: now, temporary }: PathStep): PathStep {
  return { path, old: now, new: old, temporary }
}

function reversedBranch(branch: BranchStep, id: string): BranchStep {
  return { ...branch, old: branch.new, new: branch.old, reason: `kage: undo ${id}` }
}

function reversedIndex({ old, new: now, entries }: IndexStep): IndexStep {
  return { old: now, new: old, entries: reversedChanges(entries) }
}
