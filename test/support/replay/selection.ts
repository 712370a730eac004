import type { Decision, TextChange } from '../../../src/core/merge/change.ts'
import { choose } from '../../../src/core/merge/choice.ts'
import { exclusions } from '../../../src/core/merge/decision.ts'
import { chooseLines } from '../../../src/core/merge/line-choice.ts'
import type { RegionView } from '../../../src/core/merge/region-view.ts'
import { linesOf, pickedOf } from './direct.ts'
import type { Stretch } from './direct.ts'
import { oneOf, shuffled } from './shuffle.ts'
import { regionsIn } from './world.ts'
import type { World } from './world.ts'

/** Decisions, region by region, and what they must make of some texts of the base: by path, all stretches that change in it. */
export interface Selection {
  readonly regions: readonly (readonly Decision[])[]
  readonly expected: ReadonlyMap<string, Expected>
}

interface Expected {
  readonly base: string
  readonly stretches: readonly Stretch[]
}

/** Some lines of what one side wrote, in up to so many regions. */
export function someLines(world: World, agent: string, regionsMax: number, random: () => number): Selection {
  const candidate = world.candidates.find((each) => each.agent === agent)
  const texts = new Map<string, TextChange>()
  for (const change of candidate?.changes ?? []) if (change.kind === 'text') texts.set(change.path, change)
  const taken: Decision[][] = []
  const expected = new Map<string, { base: string; stretches: Stretch[] }>()
  const regions = shuffled(regionsIn(world, [agent]), random).slice(0, regionsMax)
  for (const region of regions) {
    const change = texts.get(region.path)
    const atom = change?.atoms.find(({ start, end }) => start === region.start && end === region.end)
    if (region.kind !== 'text' || atom === undefined || atom.text === '') continue
    const lines = linesOf(atom.text).flatMap((_, index) => (random() < 0.5 ? [index] : []))
    const ranges = lines.map((line) => ({ variant: agent, first: line + 1, last: line + 1 }))
    const chosen = chooseLines(region, ranges, { read: world.read })
    if (!Array.isArray(chosen)) throw new Error(chosen.message)
    taken.push(chosen)
    const base = world.read(region.base)
    const known = expected.get(region.path) ?? { base, stretches: [] }
    known.stretches.push(pickedOf(base, atom, new Set(lines)))
    expected.set(region.path, known)
  }
  return { regions: taken, expected }
}

/** For each region of all candidates at random the base, a variant or two of them; of texts only, where not all goes together. */
export function someOfAll(world: World, random: () => number): Selection {
  const taken: Decision[][] = []
  const expected = new Map<string, { base: string; stretches: Stretch[] }>()
  const joined = new Set<string>()
  const agents = world.candidates.map(({ agent }) => agent)
  for (const region of regionsIn(world, agents)) {
    const choice = oneOf(['base', ...choicesOf(region)], random)
    const chosen = choose(region, choice, { read: world.read })
    if (!Array.isArray(chosen)) continue
    taken.push(chosen)
    if (region.kind !== 'text') continue
    if (choice.includes('+')) joined.add(region.path)
    const base = world.read(region.base)
    const known = expected.get(region.path) ?? { base, stretches: [] }
    const text = region.variants.find(({ letter }) => letter === choice)?.text ?? region.baseText
    known.stretches.push({ start: region.start, end: region.end, lines: linesOf(text) })
    expected.set(region.path, known)
  }
  for (const path of joined) expected.delete(path)
  if (exclusions(taken.flat(), world.candidates) === null) return { regions: taken, expected }
  const texts = taken.filter((decisions) => decisions.every(({ kind }) => kind === 'atom'))
  return { regions: texts, expected }
}

function choicesOf(region: RegionView): string[] {
  const letters = region.variants.map(({ letter }) => letter)
  return letters.length < 2 ? letters : [...letters, `${letters[0]}+${letters[1]}`]
}
