import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import type { Candidate, Decision, TreePath } from './change.ts'
import { showPath } from './path-name.ts'
import { comparePaths, directoriesOf } from './path-order.ts'

/** Why the decided files cannot lie in one tree, if so: a file `x` excludes a file `x/y`, decided or still in the base. */
export function pathClash(decisions: readonly Decision[], candidates: readonly Candidate[]): Fault | null {
  const decided = new Set<TreePath>()
  const present = new Set(basePaths(decisions, candidates))
  for (const decision of decisions) {
    if (decision.kind === 'unit' && decision.entry === null) present.delete(decision.path)
    else decided.add(decision.path)
  }
  for (const path of decided) present.add(path)
  for (const path of [...present].toSorted(comparePaths)) {
    const file = directoriesOf(path).find((directory) => present.has(directory))
    if (file !== undefined) return clash(file, path, decided)
  }
  return null
}

/** The files of the base that are known from what was changed in it. */
function basePaths(decisions: readonly Decision[], candidates: readonly Candidate[]): TreePath[] {
  const changes = [...decisions, ...candidates.flatMap((candidate) => candidate.changes)]
  return changes.flatMap(({ base, path }) => (base === null ? [] : [path]))
}

function clash(file: TreePath, below: TreePath, decided: ReadonlySet<TreePath>): Fault {
  const message = `${showPath(file)} and ${showPath(below)} exclude each other: the first is a file, not a directory.`
  const kept = [file, below].find((path) => !decided.has(path))
  if (kept === undefined) return fault('KAGE_CHOICES_EXCLUDE', message)
  return fault(
    'KAGE_CHOICES_EXCLUDE',
    message,
    `Take the removal of ${showPath(kept)} as well, or untake the other.`,
  )
}
