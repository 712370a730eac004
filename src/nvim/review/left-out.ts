// An agent that reformatted a whole file makes one region of it. Without that agent the file falls into smaller regions
// again: each region is compared anew from what its remaining variants and decisions change in it.
import type { Atom, AtomDecision, Decision, TextChange } from '../../core/merge/change.ts'
import type { Made } from '../../core/merge/path-changes.ts'
import type { RegionView, TextRegion, TextVariant, UnitRegion } from '../../core/merge/region-view.ts'
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
  const insideOf = ({ region }: ReviewRegion): readonly Decision[] => decided.get(region.key) ?? []
  return besides(regions).flatMap((group) => {
    const [shown] = group
    const { region } = shown
    if (region.kind !== 'text') return unitWithout(shown, region, leftOut, insideOf(shown).length > 0)
    const atoms = group.flatMap(insideOf).filter((decision) => decision.kind === 'atom')
    return textWithout(group, wholeOf(group, region), leftOut, atoms)
  })
}

type Group = readonly [ReviewRegion, ...ReviewRegion[]]

/** Regions in order; those at whose edge another one begins, because a change of whitespace was cut there, together. */
function besides(regions: readonly ReviewRegion[]): Group[] {
  const groups: [ReviewRegion, ...ReviewRegion[]][] = []
  for (const shown of regions) {
    const group = groups.at(-1)
    const before = group?.at(-1)?.region
    const { region } = shown
    const isNext =
      before?.kind === 'text' &&
      region.kind === 'text' &&
      before.path === region.path &&
      before.base.oid === region.base.oid &&
      before.end === region.start
    if (isNext && group !== undefined) group.push(shown)
    else groups.push([shown])
  }
  return groups
}

/** Regions that lie side by side as the one that they would be if nothing was cut. */
function wholeOf(group: Group, first: TextRegion): TextRegion {
  if (group.length === 1) return first
  const texts = group.flatMap(({ region }) => (region.kind === 'text' ? [region] : []))
  const atoms = new Map(first.agents.map((agent) => [agent, new Array<Atom>()]))
  for (const { variants } of texts)
    for (const variant of variants)
      for (const agent of variant.agents) atoms.get(agent)?.push(...variant.atoms)
  const variants = [...atoms].flatMap(([agent, made]): TextVariant[] =>
    made.length === 0
      ? []
      : [{ letter: '', agents: [agent], text: '', atoms: joinedAtoms(made), decided: false }],
  )
  const baseText = texts.map((each) => each.baseText).join('')
  return { ...first, end: texts.at(-1)?.end ?? first.end, baseText, variants }
}

/** Atoms in order, those that lie side by side as one. */
function joinedAtoms(atoms: readonly Atom[]): Atom[] {
  const joined: Atom[] = []
  for (const atom of atoms) {
    const last = joined.at(-1)
    if (last?.end !== atom.start) joined.push(atom)
    else joined[joined.length - 1] = { ...last, end: atom.end, text: last.text + atom.text }
  }
  return joined
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
  group: Group,
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
    return partOf(group, there, index, parts.length)
  })
}

/** A part of regions as a region: one that was there keeps its number, else a part has a number behind it. */
function partOf(group: Group, part: TextRegion, index: number, parts: number): ReviewRegion {
  const same = group.find(({ region }) => region.key === part.key)
  const shown = same ?? group.find(({ region }) => overlaps(region, part)) ?? group[0]
  const clean = part.variants
    .filter(({ agents }) => agents.some((agent) => isClean(group, part, agent)))
    .map(({ letter }) => letter)
  const { alike: alikeInWhole = [], ...face } = shown
  const whole = shown.region
  const alike = whole.kind === 'text' && isSamePlace(whole, part) ? likenessIn(part, whole, alikeInWhole) : []
  const isOne = same !== undefined || (parts === 1 && group.length === 1)
  const id = isOne ? shown.id : `${group[0].id}/${index + 1}`
  return { ...face, ...(alike.length === 0 ? {} : { alike }), id, region: part, clean }
}

/** Whether what an agent made lands cleanly wherever the part lies. */
function isClean(group: Group, part: TextRegion, agent: string): boolean {
  return group.every(({ region, clean }) => {
    if (!overlaps(region, part)) return true
    const variant = [...region.variants].find(({ agents }) => agents.includes(agent))
    return variant === undefined || clean.includes(variant.letter)
  })
}

function overlaps(region: RegionView, { start, end }: TextRegion): boolean {
  return region.kind === 'text' && region.start <= end && start <= region.end
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
