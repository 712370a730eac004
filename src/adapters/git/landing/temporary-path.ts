import { randomBytes } from 'node:crypto'
import { bytesOfPath, pathOfBytes } from '../../../core/merge/path.ts'
import type { LandingPlan, PathStep } from './landing-plan.ts'
import { parentsOf } from '../object/tree-path.ts'
import { statAt } from '../worktree/work-file.ts'

/** Steps with the paths where their new content waits: beside its place, or in the nearest directory that is there before and after. */
export function withTemporaries(
  root: string,
  id: string,
  steps: readonly Omit<PathStep, 'temporary'>[],
  { made, left }: Pick<LandingPlan, 'made' | 'left'>,
): PathStep[] {
  const passing = new Set([...made, ...left].map((directory) => bytesOfPath(directory.path)))
  const tag = `.kage-${id}-${randomBytes(4).toString('hex')}`
  return steps.map((step, index) => {
    const lasting = parentsOf(bytesOfPath(step.path)).findLast(
      (parent) => parent === '' || (!passing.has(parent) && statAt(root, parent)?.isDirectory() === true),
    )
    return { ...step, temporary: pathOfBytes(`${lasting ? `${lasting}/` : ''}${tag}-${index}`) }
  })
}

/** The same steps with further names, for taking them back. */
export function withOtherTemporaries(steps: readonly PathStep[]): PathStep[] {
  return steps.map((step) => ({ ...step, temporary: `${step.temporary}-back` }))
}
