import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { enumerateCandidates } from '../../src/adapters/git/diff/enumerate.ts'
import { writeTrees } from '../../src/adapters/git/object/write.ts'
import type { Candidate, Decision } from '../../src/core/merge/change.ts'
import { choose } from '../../src/core/merge/choice.ts'
import { compose } from '../../src/core/merge/compose.ts'
import { decideRegions, exclusions, takeAgent } from '../../src/core/merge/decision.ts'
import { isMixable } from '../../src/core/merge/facet.ts'
import { bytesOfPath } from '../../src/core/merge/path.ts'
import type { RegionView } from '../../src/core/merge/region-view.ts'
import { regionsOf } from '../../src/core/merge/region.ts'
import { splice } from '../../src/core/merge/splice.ts'
import { withMixes } from '../../src/daemon/mixes.ts'
import { readerOf } from '../../src/daemon/reviews.ts'
import { holdsAsync } from '../support/async-property.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { openBoth, type Opened } from '../support/own-repository.ts'
import { type File, type Tree, writeTree } from '../support/write-tree.ts'

const paths = ['new', 'dir/new', ' sp ace\t"', 'caf\xc3\xa9', '\xff\n']
const line = fc.constantFrom(
  'a\n',
  '}\n',
  '\n',
  'x\r\n',
  '\xff\xfe\n',
  '@@ -1 +1 @@\n',
  '-- a\n',
  '\\ No newline\n',
)
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'end', '\r'))
  .map(([lines, end]) => lines.join('') + end)
const file: fc.Arbitrary<File> = fc.oneof(
  { weight: 8, arbitrary: text.map((bytes): File => ['100644', bytes]) },
  { weight: 3, arbitrary: text.map((bytes): File => ['100755', bytes]) },
  { weight: 1, arbitrary: text.map((bytes): File => ['100644', `\0${bytes}`]) },
  { weight: 1, arbitrary: fc.constant<File>(['120000', 'nowhere']) },
  { weight: 1, arbitrary: fc.constant<File>(['160000', '1'.repeat(40)]) },
)
const tree: fc.Arbitrary<Tree> = fc.dictionary(fc.constantFrom(...paths), file, { minKeys: 1, maxKeys: 3 })
const agents = fc.array(tree, { minLength: 2, maxLength: 4 })

test('new files of any kind mix to a splice of those that are taken, in any order, and to all of an agent', async () => {
  const opened = await openBoth(makeRepository())
  await holdsAsync(
    fc.asyncProperty(agents, fc.gen(), async (made, gen) => {
      const world = await worldOf(opened, made)
      const whole = (await world.regions([])).flatMap((region) => drawn(region, gen(fc.nat)))
      const regions = await world.regions(whole)
      const texts = regions.filter(({ kind }) => kind === 'text')
      const lines = texts.flatMap((region) => drawn(region, gen(fc.nat)))
      const picked = [...whole, ...lines]
      expect(exclusions(picked, world.candidates)).toBeNull()
      const wanted = Object.entries(world.base).concat(whole.flatMap((each) => world.mixed(each, lines)))
      expect(await world.composed(picked)).toBe(writeTree(opened, Object.fromEntries(wanted)))
      expect(await world.composed(picked.toReversed())).toBe(await world.composed(picked))
      for (const { agent, tree: own } of world.candidates) {
        const all = takeAgent(picked, await world.regions(picked), agent)
        const others = all.filter(({ path }) => world.makes(agent, path))
        expect(await world.composed(others)).toBe(own)
      }
      const none = regions.reduce<readonly Decision[]>(
        (left, region) => decideRegions(left, region, []),
        picked,
      )
      expect(none).toEqual([])
    }),
    8,
  )
})

interface World {
  readonly base: Tree
  readonly candidates: readonly Candidate[]
  readonly regions: (decisions: readonly Decision[]) => Promise<RegionView[]>
  readonly composed: (decisions: readonly Decision[]) => Promise<string>
  readonly makes: (agent: string, path: string) => boolean
  /** What comes of a new file that is taken, with those of the lines that go into it. */
  readonly mixed: (decision: Decision, lines: readonly Decision[]) => [string, File][]
}

async function worldOf(opened: Opened, made: readonly Tree[]): Promise<World> {
  const { own } = opened
  const base: Tree = { kept: ['100644', 'kept\n'] }
  const root = writeTree(opened, base)
  const trees = made.map((each, at) => ({
    agent: `agent${at}`,
    tree: writeTree(opened, { ...base, ...each }),
  }))
  const candidates = await enumerateCandidates(own, root, trees)
  return {
    base,
    candidates,
    regions: async (decisions) => {
      const mixed = await withMixes(own, candidates, decisions)
      const read = await readerOf(own, mixed, decisions)
      return regionsOf({ candidates: mixed, decisions, baseText: read })
    },
    composed: async (decisions) => {
      const edits = compose(decisions, await readerOf(own, candidates, decisions))
      const [written] = await writeTrees(own, root, [edits])
      return written ?? ''
    },
    makes: (agent, path) =>
      candidates.some((each) => each.agent === agent && each.changes.some((change) => change.path === path)),
    mixed: (decision, lines) => {
      if (decision.kind === 'atom' || decision.entry === null) return []
      const { mode, oid } = decision.entry
      const atoms = lines.flatMap((each) =>
        each.kind === 'atom' && each.path === decision.path ? [each.atom] : [],
      )
      const bytes = mode === '160000' ? oid : gitIn(own.directory, ['cat-file', 'blob', oid])
      const content = isMixable(decision) ? splice(bytes, atoms) : bytes
      return [[bytesOfPath(decision.path), [mode, content]]]
    },
  }
}

function drawn(region: RegionView, draw: number): Decision[] {
  const variant = region.variants[draw % region.variants.length]
  if (variant === undefined || (region.kind === 'text' && draw % 5 === 0)) return []
  const chosen = choose(region, variant.letter, { read: () => '' })
  if (!Array.isArray(chosen)) throw new Error(chosen.message)
  return chosen
}
