import type { ByteString } from '../../../core/merge/change.ts'
import { bytesOfPath, pathOfBytes } from '../../../core/merge/path.ts'
import type { Directory, LandingPlan, PathStep } from './landing-plan.ts'
import { contentsOf, namesIn } from './occupied.ts'
import { parentsOf } from '../object/tree-path.ts'
import { statAt } from '../worktree/work-file.ts'

type Sides = Pick<PathStep, 'path' | 'old' | 'new'>

/** The directories that steps need and lack (the outer first), and those that they leave empty (the inner first). */
export function directorySteps(root: string, steps: readonly Sides[]): Pick<LandingPlan, 'made' | 'left'> {
  return { made: made(root, steps), left: left(root, steps) }
}

function made(root: string, steps: readonly Sides[]): Directory[] {
  const needed = new Set(
    steps.flatMap((step) => (step.new === null ? [] : parentsOf(bytesOfPath(step.path)).slice(1))),
  )
  return [...needed]
    .filter((directory) => statAt(root, directory)?.isDirectory() !== true)
    .toSorted((a, b) => a.length - b.length)
    .map((directory) => ({ path: pathOfBytes(directory), permissions: null }))
}

function left(root: string, steps: readonly Sides[]): Directory[] {
  const paths = steps.map((step) => ({ ...step, bytes: bytesOfPath(step.path) }))
  const going = new Set(paths.flatMap((step) => (step.new === null ? [step.bytes] : [])))
  const kept = new Set(paths.flatMap((step) => (step.new === null ? [] : parentsOf(step.bytes))))
  const replaced = paths.filter(
    (step) => step.new !== null && step.old === null && isDirectory(root, step.bytes),
  )
  const candidates = new Set([
    ...[...going].flatMap((path) => parentsOf(path).slice(1)),
    ...replaced.flatMap((step) => [step.bytes, ...contentsOf(root, step.bytes).directories]),
  ])
  const found: Directory[] = []
  for (const directory of [...candidates].toSorted((a, b) => b.length - a.length)) {
    const permissions = (statAt(root, directory)?.mode ?? 0) & 0o7777
    if (!isDirectory(root, directory) || kept.has(directory) || !isEmptyWithout(root, directory, going))
      continue
    going.add(directory)
    found.push({ path: pathOfBytes(directory), permissions })
  }
  return found
}

function isDirectory(root: string, path: ByteString): boolean {
  return statAt(root, path)?.isDirectory() === true
}

function isEmptyWithout(root: string, directory: ByteString, going: ReadonlySet<ByteString>): boolean {
  return namesIn(root, directory).every((name) => going.has(`${directory}/${name}`))
}
