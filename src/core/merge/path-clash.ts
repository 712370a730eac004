import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import type { Candidate, Decision, TreePath } from './change.ts'
import { showPath } from './path-name.ts'
import { comparePaths, directoriesOf } from './path-order.ts'

/**
 * Why the decided files cannot lie in one tree, if so: two files for one path, or a file `x` beside a file `x/y`, decided
 * or still in the base.
 */
export function pathClash(decisions: readonly Decision[], candidates: readonly Candidate[]): Fault | null {
  const places = placesOf(decisions)
  const present = new Set(basePaths(decisions, candidates))
  for (const [path, place] of places) if (place !== path) present.delete(path)
  const decided = new Map<TreePath, TreePath>()
  for (const [path, place] of places) {
    if (place === null) continue
    const other = decided.get(place) ?? (place !== path && present.has(place) ? place : undefined)
    if (other !== undefined) return twice(place, [other, path])
    decided.set(place, path)
  }
  for (const place of decided.keys()) present.add(place)
  for (const path of [...present].toSorted(comparePaths)) {
    const file = directoriesOf(path).find((directory) => present.has(directory))
    if (file !== undefined) return clash(file, path, decided)
  }
  return null
}

/** Where each decided file lies afterwards; null where it is removed. */
function placesOf(decisions: readonly Decision[]): Map<TreePath, TreePath | null> {
  const places = new Map<TreePath, TreePath | null>()
  for (const decision of decisions) {
    const { path } = decision
    if (decision.kind === 'unit' && decision.entry === null) places.set(path, null)
    else if (decision.kind === 'unit' && decision.to !== undefined) places.set(path, decision.to)
    else if (!places.has(path)) places.set(path, path)
  }
  return places
}

/** The files of the base that are known from what was changed in it. */
function basePaths(decisions: readonly Decision[], candidates: readonly Candidate[]): TreePath[] {
  const changes = [...decisions, ...candidates.flatMap((candidate) => candidate.changes)]
  return changes.flatMap(({ base, path }) => (base === null ? [] : [path]))
}

function twice(place: TreePath, paths: readonly TreePath[]): Fault {
  const files = paths.map((path) =>
    path === place ? `${showPath(path)} itself` : `${showPath(path)} renamed`,
  )
  const message = `${showPath(place)} would be two files: ${files.join(' and ')}.`
  return fault('KAGE_CHOICES_EXCLUDE', message, 'Untake one of them.')
}

function clash(file: TreePath, below: TreePath, decided: ReadonlyMap<TreePath, TreePath>): Fault {
  const message = `${showPath(file)} and ${showPath(below)} exclude each other: the first is a file, not a directory.`
  const kept = [file, below].find((path) => !decided.has(path))
  if (kept === undefined) return fault('KAGE_CHOICES_EXCLUDE', message)
  return fault(
    'KAGE_CHOICES_EXCLUDE',
    message,
    `Take the removal of ${showPath(kept)} as well, or untake the other.`,
  )
}
