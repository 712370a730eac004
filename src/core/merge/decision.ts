import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import { overlapIn, sortAtoms } from './atom.ts'
import type { Atom, Candidate, Decision, TreePath } from './change.ts'
import { sortDecisions } from './decision-order.ts'
import { pathClash } from './path-clash.ts'
import { showPath } from './path-name.ts'
import { directoriesOf, isWithin } from './path-order.ts'
import { insideOf } from './region-index.ts'
import type { RegionView } from './region-view.ts'
import { takeTextVariant } from './text-choice.ts'
import { takeUnitVariant } from './unit-choice.ts'

/** Which of an agent's regions are taken: at or below one of the paths, and with one of the keys, where given. */
export interface TakeFilter {
  readonly paths?: readonly TreePath[]
  readonly regions?: readonly string[]
}

/** Replaces what was decided inside a region; the result is in a fixed order, whatever was decided first. */
export function decideRegions(
  existing: readonly Decision[],
  region: RegionView,
  chosen: readonly Decision[],
): Decision[] {
  const inside = insideOf([region])
  return sortDecisions([...existing.filter((decision) => !inside(decision)), ...chosen])
}

/** Decides for an agent in every region that it changed and the filter lets through; other regions stay as decided. */
export function takeAgent(
  existing: readonly Decision[],
  regions: readonly RegionView[],
  agent: string,
  filter: TakeFilter = {},
): Decision[] {
  const keys = filter.regions === undefined ? null : new Set(filter.regions)
  const taken = regions.filter(
    (region) =>
      region.variants.some(({ agents }) => agents.includes(agent)) &&
      (keys === null || keys.has(region.key)) &&
      (filter.paths === undefined || filter.paths.some((path) => isWithin(region.path, path))),
  )
  const inside = insideOf(taken)
  const kept = existing.filter((decision) => !inside(decision))
  return sortDecisions([...kept, ...taken.flatMap((region) => takeRegion(region, agent))])
}

/**
 * Why decisions cannot be composed, if so: two ways to settle one path, overlapping atoms, or a file where another
 * needs a directory; the candidates tell which files the base has besides.
 */
export function exclusions(
  decisions: readonly Decision[],
  candidates: readonly Candidate[] = [],
): Fault | null {
  return fileExclusion(decisions) ?? pathClash(decisions, candidates)
}

/** Those of some decisions that each go together with all that stands. */
export function goingWith(standing: readonly Decision[], decisions: readonly Decision[]): Decision[] {
  if (standing.length === 0) return [...decisions]
  const near = new Map<TreePath, Decision[]>()
  for (const decision of standing) {
    for (const path of [decision.path, ...directoriesOf(decision.path)]) {
      const known = near.get(path)
      if (known === undefined) near.set(path, [decision])
      else known.push(decision)
    }
  }
  return decisions.filter((decision) => {
    const above = directoriesOf(decision.path).flatMap((path) =>
      (near.get(path) ?? []).filter((other) => other.path === path),
    )
    return exclusions([decision, ...(near.get(decision.path) ?? []), ...above]) === null
  })
}

function takeRegion(region: RegionView, agent: string): Decision[] {
  if (region.kind === 'text') {
    const variant = region.variants.find(({ agents }) => agents.includes(agent))
    return variant === undefined ? [] : takeTextVariant(region, variant)
  }
  const variant = region.variants.find(({ agents }) => agents.includes(agent))
  return variant === undefined ? [] : takeUnitVariant(region, variant)
}

function fileExclusion(decisions: readonly Decision[]): Fault | null {
  const byPath = new Map<TreePath, Decision[]>()
  for (const decision of sortDecisions(decisions)) {
    const known = byPath.get(decision.path)
    if (known === undefined) byPath.set(decision.path, [decision])
    else known.push(decision)
  }
  for (const [path, ofPath] of byPath) {
    const reason = ofPath.length < 2 ? null : exclusionOf(ofPath)
    if (reason !== null) return fault('KAGE_CHOICES_EXCLUDE', `${showPath(path)} ${reason}.`)
  }
  return null
}

/** Why several decisions for one path exclude each other, if so. */
function exclusionOf(decisions: readonly Decision[]): string | null {
  const units = decisions.flatMap((decision) => (decision.kind === 'unit' ? [decision.unit] : []))
  if (units.length > 1) return `is decided in two ways (${units.join(' and ')}), each for the whole file`
  if (units.length > 0) return `is decided as a whole (${units.join()}) and line by line as well`
  if (new Set(decisions.map(({ base }) => base?.oid)).size > 1) return 'is decided on two different bases'
  const atoms = decisions.flatMap((decision) => (decision.kind === 'atom' ? [decision.atom] : []))
  const overlap = overlapIn(sortAtoms(atoms))
  return overlap === null
    ? null
    : `has two decisions for the same lines (${overlap.map(showLines).join(' and ')})`
}

/** The base lines of an atom, counted from 1 as people do. */
function showLines({ start, end }: Atom): string {
  return start === end ? `after line ${start}` : `lines ${start + 1}-${end}`
}
