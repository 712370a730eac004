// Kage's engine against git itself on pairs of sides that were merged. Of every pair must hold:
//   whole    all that a side changed, taken, is that side's tree
//   landing  all of theirs landed on ours by one landing is git's merge of both
//   pieces   the same in random pieces, each landed on what the last left, but for those that git cannot merge there, either
//   lines    some lines of theirs are a splice by hand, and land, at once or in two halves, as git merges their tree
//   mixture  regions of both sides at random are a splice by hand, and land as git merges their tree
import { changedPaths } from '../../../src/adapters/git/diff/changed-paths.ts'
import { mergeTrees } from '../../../src/adapters/git/merge/merge.ts'
import type { MergeOutcome } from '../../../src/adapters/git/merge/merge.ts'
import { syntheticCommit } from '../../../src/adapters/git/command/object.ts'
import { objectWriter } from '../../../src/adapters/git/object/object-store.ts'
import type { Own } from '../../../src/adapters/git/repository/own.ts'
import type { Oid } from '../../../src/core/merge/change.ts'
import { compose } from '../../../src/core/merge/compose.ts'
import { conflictsOfKageAlone, difference } from './compare.ts'
import { isReplaced } from './direct.ts'
import { plainMerges } from './plain-merge.ts'
import type { PlainMerge } from './plain-merge.ts'
import { someLines, someOfAll } from './selection.ts'
import type { Selection } from './selection.ts'
import { composedTrees, landSequences } from './sequence.ts'
import type { Landed, Sequence } from './sequence.ts'
import { seeded } from '../seed.ts'
import { dealt } from './shuffle.ts'
import { takeAll, worldOf } from './world.ts'
import type { Pair, World } from './world.ts'

/** What has to hold of every pair. */
export const equalities = ['whole', 'landing', 'pieces', 'lines', 'mixture'] as const

export type Equality = (typeof equalities)[number]

/** Whether an equality holds of a pair: null, or what is wrong. */
export interface Verdict {
  readonly pair: string
  readonly equality: Equality
  readonly wrong: string | null
  /** Paths at which only Kage has a conflict, also where that is excused. */
  readonly alone?: readonly string[]
}

const piecesMax = 8
const regionsMax = 12

/** A pair with what the engine composes of it. */
interface Replay {
  readonly world: World
  readonly lines: Selection
  readonly mixture: Selection
  readonly trees: Readonly<Record<'ours' | 'theirs' | 'lines' | 'mixture', Oid>>
}

/** Holds every equality against pairs; what is merged goes through git side by side. */
export async function replay(own: Own, pairs: readonly Pair[], random: () => number): Promise<Verdict[]> {
  // Each pair has numbers of its own, for they are drawn side by side.
  const draws = pairs.map(() => seeded(Math.floor(random() * 2 ** 32)))
  const replays = await Promise.all(pairs.map((pair, at) => composed(own, pair, draws[at] ?? random)))
  const natural = plainMerges(
    own.directory,
    pairs.map(({ plain }) => plain),
  )
  const verdicts: Verdict[] = []
  const note = (
    equality: Equality,
    wrongs: readonly (string | null)[],
    alone: readonly (readonly string[])[] = [],
  ): void => {
    for (const [at, { name }] of pairs.entries())
      verdicts.push({ pair: name, equality, wrong: wrongs[at] ?? null, alone: alone[at] ?? [] })
  }
  const pieces = replays.map(({ world }) =>
    inPieces(
      world,
      takeAll(world, 'theirs').map((decision) => [decision]),
      piecesMax,
      random,
    ),
  )
  note('whole', await Promise.all(replays.map(wholeWrong)))
  const whole = await landAtOnce(own, replays, 'theirs')
  note('landing', await differences(replays, whole, natural), aloneIn(whole, natural))
  const inSteps = await landSequences(own, pieces)
  note('pieces', await differences(replays, inSteps, natural, true), aloneIn(inSteps, natural))
  const [mixed, plainMixed] = [
    await landAtOnce(own, replays, 'mixture'),
    await plainOf(own, replays, 'mixture'),
  ]
  const mixture = await differences(replays, mixed, plainMixed)
  note(
    'mixture',
    replays.map(({ world, mixture: each }, at) => spliceWrong(world, each) ?? mixture[at] ?? null),
    aloneIn(mixed, plainMixed),
  )
  const lines = await linesOf(own, replays, random)
  note('lines', lines.wrong, lines.alone)
  return verdicts
}

/** The paths of each landing at which only Kage has a conflict. */
function aloneIn(landed: readonly Landed[], plain: readonly PlainMerge[]): string[][] {
  return landed.map((each, at) => {
    const expected = plain[at]
    return expected === undefined ? [] : conflictsOfKageAlone(each, expected)
  })
}

/** What is wrong with landings as git's merges have it, pair by pair. */
export async function landingWrong(own: Own, pair: Pair, landed: Landed): Promise<string | null> {
  const [plain] = plainMerges(own.directory, [pair.plain])
  return plain === undefined ? 'git gave no answer' : difference(own, landed, plain, sidesOf(pair))
}

async function composed(own: Own, pair: Pair, random: () => number): Promise<Replay> {
  const world = await worldOf(own, pair)
  const lines = someLines(world, 'theirs', regionsMax, random)
  const mixture = someOfAll(world, random)
  const all = [takeAll(world, 'ours'), takeAll(world, 'theirs'), lines.regions.flat(), mixture.regions.flat()]
  const [ours = '', theirs = '', ofLines = '', ofMixture = ''] = await composedTrees(world, all)
  return { world, lines, mixture, trees: { ours, theirs, lines: ofLines, mixture: ofMixture } }
}

/** Lines land at once and in two halves; of what git cannot merge at once, more may land in two. */
async function linesOf(
  own: Own,
  replays: readonly Replay[],
  random: () => number,
): Promise<{ readonly wrong: (string | null)[]; readonly alone: string[][] }> {
  const plain = await plainOf(own, replays, 'lines')
  const landed = await landAtOnce(own, replays, 'lines')
  const atOnce = await differences(replays, landed, plain)
  const halves = replays.map(({ world, lines }) => inPieces(world, lines.regions, 2, random))
  const inHalves = await landSequences(own, halves)
  const inTwo = await differences(replays, inHalves, plain)
  const wrong = replays.map(({ world, lines }, at) => {
    const second = plain[at]?.conflicts.size === 0 ? inTwo[at] : null
    return spliceWrong(world, lines) ?? atOnce[at] ?? second ?? null
  })
  const [once, twice] = [landed, inHalves].map((each) => aloneIn(each, plain))
  return {
    wrong,
    alone: replays.map((_, at) => [...new Set([...(once?.[at] ?? []), ...(twice?.[at] ?? [])])]),
  }
}

// Some tools have written modes with a leading zero, so that one and the same tree has two names.
async function wholeWrong({ world: { own, pair }, trees }: Replay): Promise<string | null> {
  for (const side of ['ours', 'theirs'] as const) {
    const differing = await changedPaths(own, trees[side], pair[side].tree)
    if (differing.size > 0) return `all of ${side} taken is another tree than its own`
  }
  return null
}

async function landAtOnce(
  own: Own,
  replays: readonly Replay[],
  composition: keyof Replay['trees'],
): Promise<Landed[]> {
  const merges = replays.map(({ world: { pair }, trees }) => {
    return { base: pair.base.tree, ours: pair.ours.tree, theirs: trees[composition] }
  })
  return (await mergeTrees(own, merges)).map(landedOf)
}

/** What a merge made, as what has landed. */
export function landedOf(outcome: MergeOutcome): Landed {
  const conflicts = outcome.clean ? [] : outcome.conflicts.map(({ path }) => path)
  return { tree: outcome.tree, refused: new Set(conflicts) }
}

function inPieces(world: World, pieces: Selection['regions'], most: number, random: () => number): Sequence {
  return {
    world,
    target: world.pair.ours.tree,
    pieces: dealt(pieces, most, random).map((heap) => heap.flat()),
  }
}

/** Git's merges of ours with selections, each as a commit on top of its pair's base. */
async function plainOf(
  own: Own,
  replays: readonly Replay[],
  equality: 'lines' | 'mixture',
): Promise<PlainMerge[]> {
  const writer = objectWriter(own)
  const merges = replays.map(({ world: { pair }, trees }) => {
    return [pair.plain[0], writer.add(syntheticCommit(trees[equality], [pair.base.commit]))] as const
  })
  await writer.flush()
  return plainMerges(own.directory, merges)
}

function differences(
  replays: readonly Replay[],
  landed: readonly Landed[],
  plain: readonly PlainMerge[],
  inPieces = false,
): Promise<(string | null)[]> {
  return Promise.all(
    replays.map(async ({ world: { own, pair } }, at) => {
      const [made, expected] = [landed[at], plain[at]]
      if (made === undefined || expected === undefined) throw new Error(`${pair.name} was not merged`)
      return await difference(own, made, expected, { ...sidesOf(pair), inPieces })
    }),
  )
}

function sidesOf({ base, ours }: Pair): { base: Oid; tree: Oid } {
  return { base: base.tree, tree: ours.tree }
}

/** What is wrong with the texts of a selection as a splice by hand has them. */
export function spliceWrong({ read }: World, { regions, expected }: Selection): string | null {
  const texts = new Map<string, string>()
  for (const edit of compose(regions.flat(), read)) if ('content' in edit) texts.set(edit.path, edit.content)
  const moves = new Map(
    regions.flat().flatMap((each) => (each.kind === 'unit' && each.to ? [[each.path, each.to]] : [])),
  )
  for (const [path, { base, stretches }] of expected) {
    if (isReplaced(base, stretches, texts.get(moves.get(path) ?? path) ?? base)) continue
    return `another text than a splice by hand makes of ${JSON.stringify(path)}`
  }
  return null
}
