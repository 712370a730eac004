import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { enumerateCandidates } from '../../src/adapters/git/diff/enumerate.ts'
import { mergeTrees } from '../../src/adapters/git/merge/merge.ts'
import { writeTrees } from '../../src/adapters/git/object/write.ts'
import { choose } from '../../src/core/merge/choice.ts'
import { compose } from '../../src/core/merge/compose.ts'
import { decideRegions, exclusions } from '../../src/core/merge/decision.ts'
import type { Decision, FileEdit, Oid } from '../../src/core/merge/change.ts'
import { regionsOf } from '../../src/core/merge/region.ts'
import { stateAfter } from '../support/agent-story.ts'
import { cleanVariants } from '../../src/daemon/preflight.ts'
import { readerOf, type Review } from '../../src/daemon/reviews.ts'
import { holdsAsync } from '../support/async-property.ts'
import { headOf, makeRepository } from '../support/git-repository.ts'
import type { Files } from '../support/merge-world.ts'
import { openBoth } from '../support/own-repository.ts'

const lines = Array.from({ length: 14 }, (_, index) => `line ${index}`)
const anyText = fc
  .array(fc.tuple(fc.nat(13), fc.constantFrom('x', 'y', 'x\ny', '')), { maxLength: 4 })
  .map((changes) => {
    const text = [...lines]
    for (const [at, changed] of changes) text[at] = changed
    return text.map((line) => (line === '' ? '' : `${line}\n`)).join('')
  })
const anyFiles: fc.Arbitrary<Files> = fc
  .record({ one: anyText, two: anyText })
  .chain((files) =>
    fc
      .option(fc.constantFrom('n\n', 'm\n'), { nil: null })
      .map((added) => ({ ...files, ...(added === null ? {} : { new: added }) })),
  )
  .chain((files) =>
    fc.option(fc.constantFrom('moved', 'other', 'new'), { nil: null }).map((to): Files => {
      const { one, ...others } = files
      return to === null || one === '' ? files : { ...others, [to]: one }
    }),
  )

test('a variant is clean exactly when it alone merges with the target', async () => {
  const text = lines.map((line) => `${line}\n`).join('')
  const repository = makeRepository({ files: { one: text, two: text } })
  const { own } = await openBoth(repository)
  const base = headOf(repository)
  await holdsAsync(
    fc.asyncProperty(anyFiles, anyFiles, anyFiles, fc.boolean(), async (ada, bo, mine, landed) => {
      const written = await writeTrees(own, base, [ada, bo, mine].map(editsOf))
      const [adaTree, boTree, mineTree] = written
      if (adaTree === undefined || boTree === undefined || mineTree === undefined)
        throw new Error('not written')
      const trees = [
        { agent: 'ada', tree: adaTree },
        { agent: 'bo', tree: boTree },
      ]
      const candidates = await enumerateCandidates(own, base, trees)
      const read = await readerOf(own, candidates, [])
      const found = regionsOf({ candidates, decisions: [], baseText: read })
      const regions = found.map((region, index) => ({ id: `g${index + 1}`, region }))
      const state = stateAfter()
      const run = state.runs['r1']
      if (run === undefined) throw new Error('there is no run')
      const review = { run: { ...run, base }, own, candidates, regions, read, state } as unknown as Review
      const first = landed && regions[0] !== undefined ? chosenOf(review, regions[0], 'a') : []
      const [landedTree] = await writeTrees(own, base, [compose(first, read)])
      const [merged] = await mergeTrees(own, [{ base, ours: mineTree, theirs: landedTree ?? base }])
      const [decided, target] = merged?.clean === true ? [first, merged.tree] : [[], mineTree]
      const clean = await cleanVariants(review, decided, target)
      expect([...clean].toSorted()).toEqual(await mergingAlone(review, decided, target))
    }),
    15,
  )
})

/** The variants that merge with the target, each tried in a merge of its own. */
async function mergingAlone(review: Review, decided: readonly Decision[], ours: Oid): Promise<string[]> {
  const { own, run, read, candidates, regions } = review
  const clean: string[] = []
  for (const numbered of regions) {
    for (const { letter } of numbered.region.variants) {
      const decisions = decideRegions(decided, numbered.region, chosenOf(review, numbered, letter))
      if (exclusions(decisions, candidates) !== null) continue
      const [base, theirs] = await writeTrees(
        own,
        run.base,
        [decided, decisions].map((each) => compose(each, read)),
      )
      const [merged] = await mergeTrees(own, [{ base: base ?? '', ours, theirs: theirs ?? '' }])
      if (merged?.clean === true) clean.push(`${numbered.id}.${letter}`)
    }
  }
  return clean.toSorted()
}

function chosenOf({ read }: Review, { id, region }: Review['regions'][number], letter: string): Decision[] {
  const chosen = choose(region, letter, { id, read })
  if (!Array.isArray(chosen)) throw new Error(chosen.message)
  return chosen
}

function editsOf(files: Files): FileEdit[] {
  const gone = ['one', 'two'].filter((path) => !(path in files))
  return [
    ...gone.map((path): FileEdit => ({ path, removed: true })),
    ...Object.entries(files).map(([path, content]) => ({ path, mode: '100644', content })),
  ]
}
