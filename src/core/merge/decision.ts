import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import type { Candidate, Decision, TreePath } from './change.ts'
import { decisionsByPath, sortDecisions } from './decision-order.ts'
import { exclusionAt } from './exclusion.ts'
import { pathClash } from './path-clash.ts'
import { showPath } from './path-name.ts'
import { directoriesOf, isWithin } from './path-order.ts'
import { overlaid } from './overlay.ts'
import { decisionsByRegion, insideOf } from './region-index.ts'
import type { RegionView } from './region-view.ts'
import { filesUnder, withoutStrays } from './stray.ts'
import { takeTextVariant } from './text-choice.ts'
import { takeUnitVariant } from './unit-choice.ts'

/** Which of an agent's regions are taken: at or below one of the paths, and with one of the keys, where given. */
export interface TakeFilter {
  readonly paths?: readonly TreePath[]
  readonly regions?: readonly string[]
}

/** What is chosen in a region. */
export interface RegionChoice {
  readonly region: RegionView
  readonly chosen: readonly Decision[]
}

/**
 * Replaces what was decided inside regions, except for what of `landed` the choices do not overlap; the result is in a fixed
 * order, whatever was decided first. `again` holds the landed decisions that a choice makes once more, by the region's key.
 */
export function decideAll(
  existing: readonly Decision[],
  choices: readonly RegionChoice[],
  landed: readonly Decision[],
): { readonly decisions: Decision[]; readonly again: ReadonlyMap<string, readonly Decision[]> } {
  const regions = choices.map(({ region }) => region)
  const inside = insideOf(regions)
  const landedIn = decisionsByRegion(landed, regions)
  const again = new Map<string, readonly Decision[]>()
  const made = choices.flatMap(({ region, chosen }) => {
    const laid = overlaid(region, landedIn.get(region) ?? [], chosen)
    again.set(region.key, laid.again)
    return laid.decisions
  })
  const kept = existing.filter((decision) => !inside(decision))
  return { decisions: sortDecisions([...kept, ...made]), again }
}

/** The same for one region. */
export function decideRegions(
  existing: readonly Decision[],
  region: RegionView,
  chosen: readonly Decision[],
  landed: readonly Decision[] = [],
): Decision[] {
  return decideAll(existing, [{ region, chosen }], landed).decisions
}

/**
 * Decides for an agent in every region that it changed and the filter lets through; other regions stay as decided, and so does
 * what of `landed` the agent's changes do not overlap.
 */
export function takeAgent(
  existing: readonly Decision[],
  regions: readonly RegionView[],
  agent: string,
  filter: TakeFilter = {},
  landed: readonly Decision[] = [],
): Decision[] {
  return decideAll(existing, agentChoices(regions, agent, filter), landed).decisions
}

/** What an agent made of each region that it changed and the filter lets through. */
export function agentChoices(
  regions: readonly RegionView[],
  agent: string,
  filter: TakeFilter = {},
): RegionChoice[] {
  return regionsOfAgent(regions, agent, filter).map((region) => {
    return { region, chosen: takeRegion(region, agent) }
  })
}

/**
 * The regions that an agent changed and the filter lets through. A file that the agent renamed is found by either path, with
 * all that it changed in it.
 */
function regionsOfAgent(
  regions: readonly RegionView[],
  agent: string,
  { paths, regions: keys }: TakeFilter = {},
): RegionView[] {
  const made = regions.filter((region) => region.variants.some(({ agents }) => agents.includes(agent)))
  const moves = new Map(made.flatMap((region) => moveOf(region, agent)))
  const known = keys === undefined ? null : new Set(keys)
  const taken = made.filter(({ key, path }) => {
    const names = [path, moves.get(path) ?? path]
    return (
      (known === null || known.has(key)) &&
      (paths === undefined || paths.some((within) => names.some((name) => isWithin(name, within))))
    )
  })
  // A new file that is taken whole needs none of its lines mixed into another's.
  const added = new Set(
    taken.flatMap(({ kind, path, base }) => (kind !== 'text' && base === null ? [path] : [])),
  )
  return taken.filter(({ kind, path }) => kind !== 'text' || !added.has(path))
}

/**
 * Why decisions cannot be composed, if so: two ways to settle one path, overlapping atoms, two files for one path, or a
 * file where another needs a directory; the candidates tell which files the base has besides.
 */
export function exclusions(
  decisions: readonly Decision[],
  candidates: readonly Candidate[] = [],
): Fault | null {
  for (const [path, ofPath] of decisionsByPath(decisions)) {
    const reason = exclusionAt(ofPath)
    if (reason !== null) return fault('KAGE_CHOICES_EXCLUDE', `${showPath(path)} ${reason}.`)
  }
  return pathClash(decisions, candidates)
}

/** Those of some decisions that each go together with all that stands. */
export function goingWith(standing: readonly Decision[], decisions: readonly Decision[]): Decision[] {
  if (standing.length === 0) return withoutStrays(decisions)
  const fileUnder = filesUnder(decisions)
  const near = new Map<TreePath, Set<Decision>>()
  for (const decision of standing) {
    for (const path of placesOf(decision).flatMap((place) => [place, ...directoriesOf(place)]))
      near.set(path, (near.get(path) ?? new Set()).add(decision))
  }
  return decisions.filter((decision) => {
    const at = placesOf(decision)
    const above = at.flatMap(directoriesOf)
    const touching = at.flatMap((path) => [...(near.get(path) ?? [])])
    const files = above.flatMap((path) =>
      [...(near.get(path) ?? [])].filter((other) => placesOf(other).includes(path)),
    )
    return exclusions([decision, ...fileUnder(decision), ...new Set([...touching, ...files])]) === null
  })
}

/** The paths that a decision is about. */
function placesOf(decision: Decision): TreePath[] {
  const { path } = decision
  return decision.kind === 'unit' && decision.to !== undefined ? [path, decision.to] : [path]
}

/** Where an agent moved a region's file, if that is what the region is about. */
function moveOf(region: RegionView, agent: string): [TreePath, TreePath][] {
  if (region.kind === 'text') return []
  const to = region.variants.find(({ agents }) => agents.includes(agent))?.to
  return to === undefined ? [] : [[region.path, to]]
}

function takeRegion(region: RegionView, agent: string): Decision[] {
  if (region.kind === 'text') {
    const variant = region.variants.find(({ agents }) => agents.includes(agent))
    return variant === undefined ? [] : takeTextVariant(region, variant)
  }
  const variant = region.variants.find(({ agents }) => agents.includes(agent))
  return variant === undefined ? [] : takeUnitVariant(region, variant)
}
