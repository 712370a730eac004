import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Atom } from '../../../src/core/merge/change.ts'
import { choose } from '../../../src/core/merge/choice.ts'
import { exclusions } from '../../../src/core/merge/decision.ts'
import type { JoinConflict } from '../../../src/core/merge/join.ts'
import { splitLines } from '../../../src/core/merge/lines.ts'
import type { TextRegion } from '../../../src/core/merge/region-view.ts'
import { anyText, closedText } from '../../support/merge-arbitrary.ts'
import { mergeWorld, type MergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'

function worldOf(base: string, agents: Record<string, string>): MergeWorld {
  return mergeWorld(
    { file: base },
    Object.fromEntries(Object.entries(agents).map(([name, file]) => [name, { file }])),
  )
}

/** What joining variants of the world's first region makes of the file, or the conflict. */
function joined(world: MergeWorld, choice: string): string | JoinConflict {
  const [region] = world.regions()
  const decisions = choose(region!, choice, { read: world.read })
  if (!Array.isArray(decisions)) {
    expect(decisions).toMatchObject({ code: 'KAGE_CONFLICT' })
    if (!('join' in decisions)) throw new Error(decisions.message)
    return decisions.join
  }
  expect(exclusions(decisions)).toBeNull()
  return world.composed(decisions)['file'] ?? ''
}

function check(base: string, agents: Record<string, string>, choices: Record<string, string | null>): void {
  const world = worldOf(base, agents)
  for (const [choice, expected] of Object.entries(choices)) {
    const found = joined(world, choice)
    expect([choice, typeof found === 'string' ? found : null]).toEqual([choice, expected])
  }
}

test('variants that change other lines are all taken, in any order and number', () => {
  const agents = { one: 'X\nb\nc\n', two: 'a\nY\nc\n', three: 'a\nb\nZ\n' }
  const all = 'X\nY\nZ\n'
  check('a\nb\nc\n', agents, { 'one+two+three': all, 'c+a+b': all, 'one+three': 'X\nb\nZ\n' })
})

test('two that change one base line in other ways do not join', () => {
  check('a\nb\nc\n', { one: 'a\nX\nc\n', two: 'a\nY\nc\n' }, { 'one+two': null, 'two+one': null })
  check('a\nb\nc\n', { one: 'a\nc\n', two: 'a\nY\nc\n' }, { 'one+two': null })
  check('1\n2\n3\n', { crlf: '1\r\n2\r\n3\r\n', words: 'one\n2\n3\n' }, { 'crlf+words': null })
})

test('a last script that two agents add to package.json does not become invalid JSON', () => {
  const scripts = (...names: string[]): string =>
    `{\n  "scripts": {\n${names.map((name) => `    "${name}": "true"`).join(',\n')}\n  }\n}\n`
  check(scripts('test'), { one: scripts('test', 'lint'), two: scripts('test', 'build') }, { 'one+two': null })
  const more = scripts('test', 'last')
  const agents = { one: scripts('test', 'lint', 'last'), two: scripts('test', 'build', 'last') }
  check(more, agents, { 'one+two': scripts('test', 'lint', 'build', 'last') })
})

test('a wrapped body and an edit inside it do not join', () => {
  const base = 'def f():\n  a()\n  b()\n  c()\n'
  const wrapped = 'def f():\n  if x:\n    a()\n    b()\n    c()\n'
  check(base, { wraps: wrapped, edits: base.replace('b()', 'b(1)') }, { 'wraps+edits': null })
})

test('an insertion within lines that another replaces does not join', () => {
  check('a\nb\n', { one: 'X\nY\n', two: 'a\nnew\nb\n' }, { 'one+two': null, 'two+one': null })
})

test('insertions at one place stand in the order written, an equal one once', () => {
  const agents = { one: 'a\nX\n', two: 'a\nY\n', same: 'a\nX\n', three: 'a\nZ\n' }
  check('a\n', agents, { 'three+one+two+same': 'a\nZ\nX\nY\n' })
})

test('an insertion that two agents make is taken once, also if another one stands beside it', () => {
  const agents = { one: 'a\nX\n', two: 'a\nY\n', both: 'b\na\nX\n', all: 'q\nr\n' }
  check('a\n', agents, { 'one+two+both': 'b\na\nX\nY\n' })
})

test('a conflict names its region, its sides and the lines', () => {
  const conflict = joined(worldOf('a\nb\nc\n', { one: 'a\nX\nc\n', two: 'a\nY\nc\n' }), 'one+two')
  expect(conflict).toMatchObject({
    region: { path: 'file', start: 1, end: 2 },
    sides: [
      { variant: { agents: ['one'] }, atom: { start: 1, end: 2, text: 'X\n' } },
      { variant: { agents: ['two'] }, atom: { start: 1, end: 2, text: 'Y\n' } },
    ],
  })
})

test('a join is what every base line and every gap between them becomes by itself', () => {
  const anyOrder = fc.shuffledSubarray(['one', 'two', 'three', 'four'], { minLength: 2 })
  const texts = fc.tuple(closedText, anyText, anyText, anyText, anyText)
  holds(
    fc.property(texts, anyOrder, ([base, one, two, three, four], names) => {
      const world = worldOf(base, { one, two, three, four, all: 'q\nr\n' })
      for (const region of world.regions()) {
        if (region.kind !== 'text') continue
        const makers = names.filter((name) => region.variants.some(({ agents }) => agents.includes(name)))
        if (makers.length < 2) continue
        const decisions = choose(region, makers.join('+'), { read: world.read })
        const expected = lineByLine(region, makers)
        if (expected === null) expect(decisions).toMatchObject({ code: 'KAGE_CONFLICT' })
        else if (!Array.isArray(decisions)) throw new Error(decisions.message)
        else
          expect(
            textIn(
              region,
              decisions.flatMap((each) => (each.kind === 'atom' ? [each.atom] : [])),
            ),
          ).toBe(expected)
      }
    }),
    500,
  )
})

/** The oracle: each base line is replaced by at most one change, and each gap takes its insertions in order. */
function lineByLine(region: TextRegion, makers: readonly string[]): string | null {
  const atoms = makers.flatMap(
    (name) => region.variants.find(({ agents }) => agents.includes(name))?.atoms ?? [],
  )
  const names = [...new Set(atoms.map((atom) => JSON.stringify([atom.start, atom.end, atom.text])))]
  const once = names.map((name): Atom => {
    const [start, end, text] = JSON.parse(name) as [number, number, string]
    return { start, end, text }
  })
  const lines = splitLines(region.baseText)
  const made: string[] = []
  for (let at = region.start, gone = at; at <= region.end; at += 1) {
    const inserted = once.filter(({ start, end }) => start === at && end === at)
    if (inserted.length > 0 && at < gone) return null
    made.push(...inserted.map(({ text }) => text))
    const replacing = once.filter(({ start, end }) => start <= at && at < end)
    if (replacing.length > 1) return null
    const [atom] = replacing
    if (atom === undefined) made.push(lines[at - region.start] ?? '')
    else if (atom.start === at) {
      made.push(atom.text)
      gone = atom.end
    }
  }
  return closed(made)
}

function textIn({ baseText, start: offset }: TextRegion, atoms: readonly Atom[]): string {
  const lines = splitLines(baseText)
  const made: string[] = []
  let at = 0
  for (const { start, end, text } of atoms.toSorted(
    (left, right) => left.start - right.start || left.end - right.end,
  )) {
    made.push(...lines.slice(at, start - offset), text)
    at = end - offset
  }
  return closed([...made, ...lines.slice(at)])
}

/** Joins texts; a line without an end gets one where another follows, whichever it is. */
function closed(texts: readonly string[]): string {
  const filled = texts.filter((text) => text !== '')
  const ended = filled.map((text, at) =>
    text.endsWith('\n') || at === filled.length - 1 ? text : `${text}\n`,
  )
  return ended.join('').replaceAll(/\r+\n/g, '\n')
}
