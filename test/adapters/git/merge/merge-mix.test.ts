import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeTrees } from '../../../../src/adapters/git/merge/merge.ts'
import type { MergeOutcome } from '../../../../src/adapters/git/merge/merge.ts'
import type { AtomDecision, Decision, Entry, UnitDecision } from '../../../../src/core/merge/change.ts'
import { splitLines } from '../../../../src/core/merge/lines.ts'
import { splice } from '../../../../src/core/merge/splice.ts'
import { holdsAsync } from '../../../support/async-property.ts'
import { gitIn, makeRepository } from '../../../support/git-repository.ts'
import { openBoth, type Opened } from '../../../support/own-repository.ts'
import { writeTree } from '../../../support/write-tree.ts'

const text = (lines: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 12 }, (_, at) => `${lines[at] ?? `line ${at}`}\n`).join('')

const ada = text()
const bo = text({ 3: 'bo' })
const cyInAda = text({ 9: 'cy' })

test('the file that is taken instead of another is merged as it is, where the person changed the same line', async () => {
  const world = worldOf(await openBoth(makeRepository()), { ada, bo })
  const [before, after] = [[world.file('ada'), world.line('ada', 9, 'cy\n')], [world.file('bo')]]
  expect(await world.merged(cyInAda, text({ 3: 'mine', 9: 'cy' }), bo, { before, after })).toBe(null)
  const back = { before: after, after: before }
  expect(await world.merged(bo, text({ 3: 'mine' }), cyInAda, back)).toBe(null)
})

test('lines that go into the same new file merge as those of a file of the base do', async () => {
  const repeated = fc.array(fc.constantFrom('a\n', '}\n', '\n'), { minLength: 6, maxLength: 12 })
  const picks = fc.uniqueArray(fc.record({ at: fc.nat(5), line: fc.constantFrom('x\n', '}\n', '') }), {
    selector: ({ at }) => at,
    maxLength: 3,
  })
  const opened = await openBoth(makeRepository())
  await holdsAsync(
    fc.asyncProperty(repeated, picks, picks, picks, async (lines, landed, wanted, mine) => {
      const made = lines.join('')
      const world = worldOf(opened, { ada: made })
      const ofFile = (side: typeof landed): AtomDecision[] =>
        side.map(({ at, line }) => world.line('ada', at, line))
      const [before, after] = [ofFile(landed), ofFile(wanted)]
      const [base, theirs] = [before, after].map((side) =>
        splice(
          made,
          side.map(({ atom }) => atom),
        ),
      )
      const there = ofFile(mine).filter(({ atom }) => atom.end <= splitLines(base ?? '').length)
      const ours = splice(
        base ?? '',
        there.map(({ atom }) => atom),
      )
      const sides = [base ?? '', ours, theirs ?? ''] as const
      const file = world.file('ada')
      const mixed = await world.merged(...sides, { before: [file, ...before], after: [file, ...after] })
      const plain = { before: before.map(ofBase), after: after.map(ofBase) }
      expect(mixed).toBe(await world.merged(...sides, plain))
    }),
    6,
  )
})

function ofBase({ kind, path, base, atom, source }: AtomDecision): AtomDecision {
  return { kind, path, base, atom, source }
}

interface World {
  readonly file: (agent: string) => UnitDecision
  readonly line: (agent: string, at: number, line: string) => AtomDecision
  /** The file that comes of the three, or null where they conflict. */
  readonly merged: (
    base: string,
    ours: string,
    theirs: string,
    decided: { readonly before: readonly Decision[]; readonly after: readonly Decision[] },
  ) => Promise<string | null>
}

function worldOf(opened: Opened, made: Readonly<Record<string, string>>): World {
  const tree = (content: string): string => writeTree(opened, { new: ['100644', content] })
  const entries = new Map<string, Entry>()
  const entryOf = (agent: string): Entry => {
    const known = entries.get(agent)
    if (known !== undefined) return known
    const oid = gitIn(opened.own.directory, ['rev-parse', `${tree(made[agent] ?? '')}:new`]).trim()
    entries.set(agent, { mode: '100644', oid })
    return { mode: '100644', oid }
  }
  return {
    file: (agent) => {
      return { kind: 'unit', unit: 'add', path: 'new', base: null, entry: entryOf(agent), source: [agent] }
    },
    line: (agent, at, line) => {
      const atom = { start: at, end: at + 1, text: line }
      return { kind: 'atom', path: 'new', base: entryOf(agent), newFile: true, atom, source: ['cy'] }
    },
    merged: async (base, ours, theirs, decided) => {
      const merge = { base: tree(base), ours: tree(ours), theirs: tree(theirs), decided }
      const [outcome] = await mergeTrees(opened.own, [merge])
      return textIn(opened, outcome)
    },
  }
}

function textIn(opened: Opened, outcome: MergeOutcome | undefined): string | null {
  return outcome?.clean === true ? gitIn(opened.own.directory, ['show', `${outcome.tree}:new`]) : null
}
