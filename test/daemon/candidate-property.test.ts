import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { enumerateCandidates } from '../../src/adapters/git/diff/enumerate.ts'
import { mergeTrees } from '../../src/adapters/git/merge/merge.ts'
import { writeTrees } from '../../src/adapters/git/object/write.ts'
import type { Decision } from '../../src/core/merge/change.ts'
import { choose } from '../../src/core/merge/choice.ts'
import { compose } from '../../src/core/merge/compose.ts'
import { decideRegions, exclusions, takeAgent } from '../../src/core/merge/decision.ts'
import type { RegionView } from '../../src/core/merge/region-view.ts'
import { regionsOf } from '../../src/core/merge/region.ts'
import { readerOf } from '../../src/daemon/reviews.ts'
import { holdsAsync } from '../support/async-property.ts'
import { makeRepository } from '../support/git-repository.ts'
import { openBoth, type Opened } from '../support/own-repository.ts'
import { anyChangeOf, anyTree } from '../support/tree-arbitrary.ts'
import { type Tree, writeTree } from '../support/write-tree.ts'
import { processorMs } from '../support/processor-time.ts'

const anyWorld = anyTree.chain((base) =>
  fc.record({ base: fc.constant(base), one: anyChangeOf(base), two: anyChangeOf(base) }),
)

test('all units of a candidate are its own tree, whatever it moved, and its pieces one by one land as the whole', async () => {
  const opened = await openBoth(makeRepository())
  await holdsAsync(
    fc.asyncProperty(anyWorld, fc.gen(), async (world, gen) => {
      const compared = await compare(opened, world)
      for (const { agent, tree } of compared.candidates) {
        const whole = takeAgent([], compared.regions([]), agent)
        expect(exclusions(whole, compared.candidates)).toBeNull()
        expect(await compared.write(whole)).toBe(tree)
        const pieces = compared.regions([]).filter((region) => madeBy(region, agent))
        expect(await landed(compared, agent, shuffled(pieces, gen))).toBe(await withOwn(compared, tree))
      }
    }),
    30,
  )
})

test('the order in which pieces of several candidates are chosen does not matter', async () => {
  const opened = await openBoth(makeRepository())
  await holdsAsync(
    fc.asyncProperty(anyWorld, fc.gen(), async (world, gen) => {
      const compared = await compare(opened, world)
      const picks = compared.regions([]).flatMap((region) => {
        const variant = region.variants[gen(fc.nat, { max: 1 })]
        return variant === undefined ? [] : [[region, variant.letter] as const]
      })
      const chosen = (order: typeof picks): Decision[] =>
        order.reduce<Decision[]>((decisions, [region, letter]) => {
          const after = decideRegions(decisions, region, choices(region, letter))
          return after
        }, [])
      const [one, other] = [chosen(picks), chosen(shuffled(picks, gen))]
      expect(other).toEqual(one)
      if (exclusions(one, compared.candidates) !== null) return
      expect(await compared.write(other)).toBe(await compared.write(one))
    }),
    15,
  )
})

/** A tree with a file of the person's own beside it, so that git has to merge. */
async function withOwn({ opened }: Compared, tree: string): Promise<string> {
  const own = { path: 'zz mine', mode: '100644', content: 'mine' }
  const [written] = await writeTrees(opened.own, tree, [[own]])
  return written ?? ''
}

/** Lands the pieces of an agent one after the other, each by a merge with what landed before it as the base. */
async function landed(compared: Compared, agent: string, pieces: readonly RegionView[]): Promise<string> {
  let decisions: Decision[] = []
  let [base, ours] = [compared.base, await withOwn(compared, compared.base)]
  let open = pieces
  while (open.length > 0) {
    // Where a file must go before another can come, the other waits.
    const fitting = open.find((region) => {
      const after = decideRegions(decisions, region, choices(region, agent))
      return exclusions(after, compared.candidates) === null
    })
    const group = fitting === undefined ? open : [fitting]
    for (const region of group) decisions = decideRegions(decisions, region, choices(region, agent))
    open = open.filter((region) => !group.includes(region))
    const theirs = await compared.write(decisions)
    const [outcome] = await mergeTrees(compared.opened.own, [{ base, ours, theirs }])
    expect(outcome?.clean).toBe(true)
    base = theirs
    ours = outcome?.tree ?? ''
  }
  return ours
}

test('five thousand files that are moved and edited at once are found again, with little processor time', async () => {
  const opened = await openBoth(makeRepository())
  const numbers = Array.from({ length: 5000 }, (_, index) => index)
  const text = (number: number): string =>
    Array.from({ length: 12 }, (_, line) => `${number} ${line}\n`).join('')
  const files = (path: (number: number) => string, end: string): Tree =>
    Object.fromEntries(numbers.map((number) => [path(number), ['100644', text(number) + end] as const]))
  const [base, moved] = [
    writeTree(
      opened,
      files((number) => `a/${number % 50}/f${number}`, ''),
    ),
    writeTree(
      opened,
      files((number) => `b/${number % 40}/f${number}`, 'more\n'),
    ),
  ]
  let candidates: Awaited<ReturnType<typeof enumerateCandidates>> = []
  const enumerate = async (): Promise<void> => {
    candidates = await enumerateCandidates(opened.own, base, [{ agent: 'x', tree: moved }])
  }
  expect(await processorMs(enumerate)).toBeLessThan(15_000)
  const changes = candidates[0]?.changes ?? []
  const renames = changes.filter((change) => change.kind === 'unit' && change.unit === 'rename')
  expect([changes.length, renames.length]).toEqual([10_000, 5000])
  const read = await readerOf(opened.own, candidates, [])
  const decisions = takeAgent([], regionsOf({ candidates, decisions: [], baseText: read }), 'x')
  const [written] = await writeTrees(opened.own, base, [compose(decisions, read)])
  expect(written).toBe(moved)
})

interface Compared {
  readonly opened: Opened
  readonly base: string
  readonly candidates: Awaited<ReturnType<typeof enumerateCandidates>>
  readonly regions: (decisions: readonly Decision[]) => RegionView[]
  readonly write: (decisions: readonly Decision[]) => Promise<string>
}

async function compare(opened: Opened, world: Record<'base' | 'one' | 'two', Tree>): Promise<Compared> {
  const [base, one, two] = [world.base, world.one, world.two].map((tree) => writeTree(opened, tree))
  if (base === undefined || one === undefined || two === undefined) throw new Error('not written')
  const trees = Object.entries({ one, two }).map(([agent, tree]) => ({ agent, tree }))
  const candidates = await enumerateCandidates(opened.own, base, trees)
  const read = await readerOf(opened.own, candidates, [])
  return {
    opened,
    base,
    candidates,
    regions: (decisions) => regionsOf({ candidates, decisions, baseText: read }),
    write: async (decisions) => {
      const [written] = await writeTrees(opened.own, base, [compose(decisions, read)])
      return written ?? ''
    },
  }
}

function choices(region: RegionView, choice: string): Decision[] {
  const chosen = choose(region, choice, { read: () => '' })
  if (!Array.isArray(chosen)) throw new Error(chosen.message)
  return chosen
}

function madeBy(region: RegionView, agent: string): boolean {
  return region.variants.some(({ agents }) => agents.includes(agent))
}

function shuffled<T>(items: readonly T[], gen: fc.GeneratorValue): T[] {
  return items
    .map((item) => ({ item, order: gen(fc.nat) }))
    .toSorted((left, right) => left.order - right.order)
    .map(({ item }) => item)
}
