import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { pendingAfter, withPending } from '../../../src/core/landing.ts'
import type { Decision, TextChange } from '../../../src/core/merge/change.ts'
import { choose } from '../../../src/core/merge/choice.ts'
import { decideRegions, exclusions, takeAgent } from '../../../src/core/merge/decision.ts'
import { sortDecisions } from '../../../src/core/merge/decision-order.ts'
import { facetOf } from '../../../src/core/merge/facet.ts'
import { decidePick } from '../../../src/core/merge/pick.ts'
import { regionsOf } from '../../../src/core/merge/region.ts'
import type { RegionView } from '../../../src/core/merge/region-view.ts'
import { splice } from '../../../src/core/merge/splice.ts'
import { anyText } from '../../support/merge-arbitrary.ts'
import { type Files, mergeWorld, type MergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'
import { referenceDiff } from '../../support/reference-diff.ts'

const files = { a: 'one\ntwo\nthree\n', b: 'one\nTWO\nthree\nfour\n', c: 'zero\none\ntwo\nthree\n' } as const

test('a new file is first one decision; then what the others have at its lines', () => {
  const world = worldOf(files)
  const [file, ...none] = world.regions([])
  expect([file?.kind, file?.variants.length, none]).toEqual(['add', 3, []])
  const decided = chosen(file, 'a')
  const regions = world.regions(decided)
  expect(regions.map(({ kind, start, end }) => [kind, start, end])).toEqual([
    ['add', null, null],
    ['text', 0, 0],
    ['text', 1, 2],
    ['text', 3, 3],
  ])
  const mixed = [...decided, ...chosen(regions[1], 'c'), ...chosen(regions[2], 'b')]
  expect(exclusions(mixed)).toBeNull()
  expect(world.composed(mixed)).toEqual({ new: 'zero\none\nTWO\nthree\n' })
})

test('another one of the files, or none, takes the lines that were mixed in with it', () => {
  const world = worldOf(files)
  const [file] = world.regions([])
  const decided = chosen(file, 'a')
  const [again, lines] = world.regions(decided)
  const mixed = [...decided, ...chosen(lines, 'c')]
  expect(world.composed(decideRegions(mixed, again!, chosen(again, 'b')))).toEqual({ new: files.b })
  expect(decideRegions(mixed, again!, [])).toEqual([])
  expect(world.composed(takeAgent(mixed, world.regions(mixed), 'c'))).toEqual({ new: files.c })
})

test('lines go into no file but the one that they were compared with', () => {
  const world = worldOf(files)
  const [file] = world.regions([])
  const [, lines] = world.regions(chosen(file, 'a'))
  const wrong = [...chosen(file, 'b'), ...chosen(lines, 'c')]
  expect(exclusions(wrong)).toMatchObject({ code: 'KAGE_CHOICES_EXCLUDE' })
})

test('lines without the file that they go into are never composed, and fall with it', () => {
  const world = worldOf(files)
  const [file] = world.regions([])
  const decided = chosen(file, 'a')
  const lines = chosen(world.regions(decided)[1], 'c')
  expect(exclusions(lines)).toMatchObject({ code: 'KAGE_CHOICES_EXCLUDE' })
  expect(() => world.composed(lines)).toThrow('not taken')
  expect(withPending(decided, { removed: decided, added: lines })).toEqual([])
  expect(pendingAfter({ removed: [], added: lines }, [])).toEqual({ removed: [], added: [] })
  expect(pendingAfter({ removed: [], added: lines }, decided)).toEqual({ removed: [], added: lines })
  const both = sortDecisions([...decided, ...lines])
  const elsewhere = chosen(mergeWorld({}, { a: { other: 'x\n' } }).regions()[0], 'a')
  for (const landed of [[], elsewhere])
    expect(pendingAfter({ removed: [], added: both }, landed).added).toEqual(both)
  expect(pendingAfter({ removed: [], added: both }, chosen(file, 'b')).added).toEqual([])
})

test('a pick takes a new file and lines for it, whichever it names first', () => {
  const world = worldOf(files)
  const [file] = world.regions([])
  const decided = chosen(file, 'a')
  const regions = new Map(world.regions(decided).map((region, at) => [`g${at + 1}`, region]))
  const pick = (...words: readonly (readonly [string, string])[]): unknown => {
    const choices = words.map(([region, choice]) => ({ region, choice }))
    const request = { from: null, paths: [], regions: [], lines: [], choices }
    const picked = decidePick(decided, request, { agents: ['a', 'b', 'c'], regions, read: world.read })
    if ('code' in picked) throw new Error(picked.message)
    return exclusions(picked.decisions)?.code ?? world.composed(picked.decisions)
  }
  const mixed = { new: 'zero\none\ntwo\nthree\n' }
  expect([pick(['g1', 'a'], ['g2', 'c']), pick(['g2', 'c'], ['g1', 'a'])]).toEqual([mixed, mixed])
  for (const other of ['base', 'b']) {
    const codes = [pick(['g1', other], ['g2', 'c']), pick(['g2', 'c'], ['g1', other])]
    expect(codes).toEqual(['KAGE_CHOICES_EXCLUDE', 'KAGE_CHOICES_EXCLUDE'])
  }
})

test('mixed files are a splice of the chosen one, in whatever order they are decided', () => {
  const distinct = fc.uniqueArray(
    anyText.filter((text) => text !== ''),
    { minLength: 2, maxLength: 4 },
  )
  holds(
    fc.property(distinct, fc.array(fc.nat(9)), (texts, draws) => {
      const made = Object.fromEntries(texts.map((text, at) => [`agent${at}`, text]))
      const world = worldOf(made)
      const [file] = world.regions([])
      const base = texts[0] ?? ''
      const whole = chosen(file, 'agent0')
      const regions = world.regions(whole).filter(({ kind }) => kind === 'text')
      const picks = regions.flatMap((region, at) => {
        const { letter } = region.variants[(draws[at] ?? 0) % (region.variants.length + 1)] ?? {
          letter: null,
        }
        return letter === null ? [] : chosen(region, letter)
      })
      const atoms = picks.flatMap((each) => (each.kind === 'atom' ? [each.atom] : []))
      const result = { new: splice(base, atoms) }
      expect(world.composed([...whole, ...picks])).toEqual(result)
      expect(world.composed([...picks.toReversed(), ...whole])).toEqual(result)
      for (const [agent, text] of Object.entries(made)) {
        const all = world.regions(whole).filter(({ kind }) => kind === 'text')
        expect(world.composed(takeAgent(whole, all, agent))).toEqual({ new: text })
        expect(world.composed(takeAgent([...whole, ...picks], world.regions(whole), agent))).toEqual({
          new: text,
        })
      }
    }),
  )
})

function chosen(region: RegionView | undefined, choice: string): Decision[] {
  const decisions = choose(region!, choice, { read: () => '' })
  if (!Array.isArray(decisions)) throw new Error(decisions.message)
  return decisions
}

/** Agents that each made a file `new`, with what each has at the lines of those that are decided. */
function worldOf(made: Readonly<Record<string, string>>): Pick<MergeWorld, 'composed' | 'read'> & {
  regions: (decisions: readonly Decision[]) => RegionView[]
} {
  const agents = Object.fromEntries(
    Object.entries(made).map(([agent, text]): [string, Files] => [agent, { new: text }]),
  )
  const world = mergeWorld({}, agents)
  const regions = (decisions: readonly Decision[]): RegionView[] => {
    const chosenFiles = decisions.flatMap((each) =>
      each.kind === 'unit' && facetOf(each.unit) === 'content' && each.entry !== null ? [each.entry] : [],
    )
    const candidates = world.candidates.map((candidate) => {
      const mixes = candidate.changes.flatMap((change) =>
        chosenFiles.flatMap((base): TextChange[] => {
          if (change.entry === null || change.entry.oid === base.oid) return []
          const atoms = referenceDiff(world.read(base), world.read(change.entry))
          return [{ kind: 'text', path: change.path, base, entry: change.entry, atoms }]
        }),
      )
      return { ...candidate, changes: [...candidate.changes, ...mixes] }
    })
    return regionsOf({ candidates, decisions, baseText: world.read })
  }
  return { composed: world.composed, read: world.read, regions }
}
