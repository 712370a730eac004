import { randomBytes } from 'node:crypto'
import type { TreePath } from '../../core/merge/change.ts'
import { bytesOfPath, pathOfBytes } from '../../core/merge/path.ts'
import type { LandingPlan, PathStep } from './landing-plan.ts'
import { parentsOf } from './tree-path.ts'
import { statAt } from './work-file.ts'

/** For each step the path where new content waits: beside its place, or in the nearest directory that is there before and after. */
export function temporaryPaths(
  root: string,
  id: string,
  steps: readonly Pick<PathStep, 'path'>[],
  { made, left }: Pick<LandingPlan, 'made' | 'left'>,
): TreePath[] {
  const passing = new Set([...made, ...left].map((directory) => bytesOfPath(directory.path)))
  const tag = `.kage-${id}-${randomBytes(4).toString('hex')}`
  return steps.map((step, index) => {
    const lasting = parentsOf(bytesOfPath(step.path)).findLast(
      (parent) => parent === '' || (!passing.has(parent) && statAt(root, parent)?.isDirectory() === true),
    )
    return pathOfBytes(`${lasting ? `${lasting}/` : ''}${tag}-${index}`)
  })
}
