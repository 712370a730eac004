// An agent that reformatted a whole file makes one region of it. Without that agent the file falls into smaller regions
// again: each region is compared anew from what its remaining variants and decisions change in it.
import type { AtomDecision, Decision, TextChange } from '../../core/merge/change.ts'
import type { Made } from '../../core/merge/path-changes.ts'
import type { RegionView, TextRegion, UnitRegion } from '../../core/merge/region-view.ts'
import { textRegionsOf } from '../../core/merge/text-region.ts'
import type { ReviewRegion } from '../../core/protocol/results.ts'
import { decisionsByRegion } from './outcome.ts'

/** The regions as they are when some agents are not compared; where something is decided, a region stays. */
export function withoutAgents(
  regions: readonly ReviewRegion[],
  leftOut: ReadonlySet<string>,
  decisions: readonly Decision[],
): readonly ReviewRegion[] {
  if (leftOut.size === 0) return regions
  const decided = decisionsByRegion(regions, decisions)
  return regions.flatMap((shown) => {
    const { region } = shown
    const inside = decided.get(region.key) ?? []
    if (region.kind !== 'text') return unitWithout(shown, region, leftOut, inside.length > 0)
    const atoms = inside.filter((decision) => decision.kind === 'atom')
    return textWithout(shown, region, leftOut, atoms)
  })
}

function unitWithout(
  shown: ReviewRegion,
  region: UnitRegion,
  leftOut: ReadonlySet<string>,
  decided: boolean,
): ReviewRegion[] {
  const variants = region.variants
    .map((variant) => ({ ...variant, agents: remaining(variant.agents, leftOut) }))
    .filter(({ agents }) => agents.length > 0)
    .toSorted((left, right) => placeOf(region, left.agents) - placeOf(region, right.agents))
  if (variants.length === 0 && !decided) return []
  return [{ ...shown, region: { ...region, agents: remaining(region.agents, leftOut), variants } }]
}

/** Where the first of a variant's agents stands among all. */
function placeOf({ agents }: UnitRegion, [first = '']: readonly string[]): number {
  return agents.indexOf(first)
}

function textWithout(
  shown: ReviewRegion,
  region: TextRegion,
  leftOut: ReadonlySet<string>,
  decided: readonly AtomDecision[],
): ReviewRegion[] {
  const { start: offset, path, base, newFile } = region
  const texts = region.variants.flatMap((variant): Made<TextChange>[] => {
    const atoms = variant.atoms.map((atom) => moved(atom, -offset))
    return remaining(variant.agents, leftOut).map((agent) => {
      return { kind: 'text', agent, path, base, entry: base, atoms }
    })
  })
  const atomDecisions = decided.map((decision) => ({ ...decision, atom: moved(decision.atom, -offset) }))
  const agents = remaining(region.agents, leftOut)
  const inOrder = texts.toSorted((left, right) => agents.indexOf(left.agent) - agents.indexOf(right.agent))
  const parts = textRegionsOf(
    { path, texts: inOrder, units: [], atomDecisions, unitDecisions: [] },
    agents,
    () => region.baseText,
  )
  return parts.map((part, index) => {
    const there = { ...movedRegion(part, offset), ...(newFile === undefined ? {} : { newFile }) }
    return partOf(shown, region, there, index, parts.length)
  })
}

/** A part of a region as a region: its number stays while it is whole, else a part has a number behind it. */
function partOf(
  shown: ReviewRegion,
  whole: TextRegion,
  part: TextRegion,
  index: number,
  parts: number,
): ReviewRegion {
  const landing = whole.variants.filter(({ letter }) => shown.clean.includes(letter))
  const clean = part.variants
    .filter(({ agents }) => landing.some((variant) => agents.some((agent) => variant.agents.includes(agent))))
    .map(({ letter }) => letter)
  const { alike: alikeInWhole = [], ...face } = shown
  const alike = isSamePlace(whole, part) ? likenessIn(part, whole, alikeInWhole) : []
  const id = parts === 1 ? shown.id : `${shown.id}/${index + 1}`
  return { ...face, ...(alike.length === 0 ? {} : { alike }), id, region: part, clean }
}

function isSamePlace(left: TextRegion, right: TextRegion): boolean {
  return left.start === right.start && left.end === right.end
}

/** What is alike among the remaining variants of a region; their letters are others. */
function likenessIn(part: TextRegion, whole: TextRegion, alike: readonly (readonly string[])[]): string[][] {
  const groups = alike.map((letters) => {
    const makers = whole.variants
      .filter(({ letter }) => letters.includes(letter))
      .flatMap(({ agents }) => agents)
    return part.variants.filter(({ agents }) => agents.some((agent) => makers.includes(agent)))
  })
  return groups.filter((group) => group.length > 1).map((group) => group.map(({ letter }) => letter))
}

function movedRegion(part: TextRegion, offset: number): TextRegion {
  const [start, end] = [part.start + offset, part.end + offset]
  return {
    ...part,
    key: `text ${part.base.oid} ${start}-${end} ${part.path}`,
    start,
    end,
    variants: part.variants.map((variant) => ({
      ...variant,
      atoms: variant.atoms.map((atom) => moved(atom, offset)),
    })),
    decided: part.decided.map((decision) => ({ ...decision, atom: moved(decision.atom, offset) })),
  }
}

function moved<A extends { readonly start: number; readonly end: number }>(atom: A, offset: number): A {
  return { ...atom, start: atom.start + offset, end: atom.end + offset }
}

function remaining(agents: RegionView['agents'], leftOut: ReadonlySet<string>): string[] {
  return agents.filter((agent) => !leftOut.has(agent))
}
