import { expect, test } from 'vitest'
import { choose, replacesLanded } from '../../../src/core/merge/choice.ts'
import type { Choice } from '../../../src/core/merge/choice.ts'
import type { UnitChange } from '../../../src/core/merge/change.ts'
import { exclusions } from '../../../src/core/merge/decision.ts'
import { regionsOf } from '../../../src/core/merge/region.ts'
import { mergeWorld } from '../../support/merge-world.ts'
import type { Files, MergeWorld } from '../../support/merge-world.ts'

/** Chooses in the world's first region and returns the file that comes of it, or the fault's message. */
function chosen(world: MergeWorld, choice: Choice, id = 'g1'): string | undefined {
  const [region] = world.regions()
  if (region === undefined) throw new Error('No region')
  const decisions = choose(region, choice, { id, read: world.read })
  if (!Array.isArray(decisions)) return `${decisions.code}: ${decisions.message}`
  expect(exclusions(decisions)).toBeNull()
  return world.composed(decisions)[region.path]
}

function textWorld(base: string, agents: Record<string, string>): MergeWorld {
  return mergeWorld(
    { file: base },
    Object.fromEntries(Object.entries(agents).map(([name, file]) => [name, { file }])),
  )
}

function check(base: string, agents: Record<string, string>, choices: Record<string, string>): void {
  const world = textWorld(base, agents)
  for (const [choice, expected] of Object.entries(choices))
    expect([choice, chosen(world, choice)]).toEqual([choice, expected])
}

function checkRefused(world: MergeWorld, choice: Choice, words: RegExp): void {
  expect(chosen(world, choice)).toMatch(/^KAGE_CHOICE_INVALID/)
  expect(chosen(world, choice)).toMatch(words)
}

test('a choice is base, an agent, a letter or a variant of that region', () => {
  check(
    'a\nb\nc\n',
    { one: 'a\nX\nc\n', two: 'a\nY\nc\n', same: 'a\nX\nc\n' },
    {
      base: 'a\nb\nc\n',
      one: 'a\nX\nc\n',
      two: 'a\nY\nc\n',
      same: 'a\nX\nc\n',
      a: 'a\nX\nc\n',
      b: 'a\nY\nc\n',
      'g1.b': 'a\nY\nc\n',
    },
  )
})

test('two joined compose where their atoms go together, in either order', () => {
  const both = { 'one+two': 'X\nY\nc\n', 'two+one': 'X\nY\nc\n', 'a+b': 'X\nY\nc\n', 'g1.b+one': 'X\nY\nc\n' }
  check('a\nb\nc\n', { one: 'X\nb\nc\n', two: 'a\nY\nc\n' }, both)
})

test('two insertions at one point stand one after the other', () => {
  check('a\n', { one: 'a\nX\n', two: 'a\nY\n' }, { 'b+a': 'a\nY\nX\n', 'a+b': 'a\nX\nY\n' })
})

test('two joined without a final newline are not glued together', () => {
  check('', { one: 'X', two: 'Y\r\n' }, { 'a+b': 'X\r\nY\r\n' })
})

test('a change that two variants share is taken once', () => {
  check('a\nb\nc\n', { one: 'X\nb\nc\n', two: 'X\nY\nc\n', span: 'p\nq\nr\n' }, { 'one+one': 'X\nb\nc\n' })
  const world = textWorld('a\nb\nc\nd\n', { one: 'X\nb\nY\nd\n', two: 'X\nb\nc\nZ\n', span: 'p\nq\nr\ns\n' })
  expect(chosen(world, 'one+two')).toBe('X\nb\nY\nZ\n')
})

test('an agent that changed nothing in the region is never mistaken for a letter', () => {
  const world = textWorld('a\nb\nc\n', { one: 'a\nX\nc\n', a: 'a\nb\nc\n', b: 'a\nY\nc\n' })
  checkRefused(world, 'a', /a changed nothing in this region of file/)
  expect(chosen(world, 'b')).toBe('a\nY\nc\n')
})

test("a branch's name may hold a plus", () => {
  const world = textWorld('a\n', { 'c++': 'a\nX\n', 'feature/b+w': 'a\nY\n', c: 'a\nZ\n' })
  expect(chosen(world, 'c++')).toBe('a\nX\n')
  expect(chosen(world, 'c+++feature/b+w')).toBe('a\nX\nY\n')
  expect(chosen(world, 'c+feature/b+w+c++')).toBe('a\nZ\nY\nX\n')
})

test('an unknown choice is refused and names what there is', () => {
  const world = textWorld('a\n', { one: 'X\n', two: 'Y\n' })
  for (const choice of [
    '',
    '+',
    'c',
    'three',
    'one+',
    '+one',
    'one+three',
    'one+two+three',
    'only:three',
    'g2.a',
    'base+one',
    '__proto__',
    'a\n',
  ]) {
    checkRefused(world, choice, /it has base, a \(one\), b \(two\)/)
  }
})

test('a choice replaces only pending decisions unless it says so', () => {
  const [region] = textWorld('a\n', { one: 'X\n', two: 'Y\n', 'only:one': 'Z\n' }).regions()
  const replaces = (choice: Choice): boolean => replacesLanded(region!, choice)
  expect(['one', 'a', 'one+two', 'only:one'].map(replaces)).toEqual([false, false, false, false])
  expect(['base', 'only:two', 'only:base', 'only:one+two'].map(replaces)).toEqual([true, true, true, true])
  expect(replaces({ edited: 'p' })).toBe(true)
  const world = textWorld('a\n', { one: 'X\n', two: 'Y\n' })
  expect(['only:two', 'only:base'].map((choice) => chosen(world, choice))).toEqual(['Y\n', 'a\n'])
})

test('an edited text replaces the region', () => {
  const world = textWorld('a\nb\nc\n', { one: 'a\nX\nc\n' })
  expect(chosen(world, { edited: 'p\nq\n' })).toBe('a\np\nq\nc\n')
  expect(chosen(world, { edited: 'p' })).toBe('a\np\nc\n')
  expect(chosen(world, { edited: '' })).toBe('a\nc\n')
})

test('an edited text that is the base decides nothing', () => {
  const world = textWorld('a\nb\nc\n', { one: 'a\nX\nc\n' })
  const [region] = world.regions()
  expect(choose(region!, { edited: 'b\n' }, { read: world.read })).toEqual([])
})

test('a new file is taken, joined or edited', () => {
  const world = mergeWorld({}, { one: { new: '1' }, two: { new: '2\n' }, three: { new: '1' } })
  expect(chosen(world, 'base')).toBeUndefined()
  expect(chosen(world, 'three')).toBe('1')
  expect(chosen(world, 'a+b')).toBe('1\n2\n')
  expect(chosen(world, 'one+three')).toBe('1')
  expect(chosen(world, { edited: 'mine' })).toBe('mine')
  expect(chosen(world, { edited: '' })).toBe('')
})

test('a removal is taken or left whole', () => {
  const world = mergeWorld({ old: '1\n', kept: '' }, { one: { kept: '' } })
  expect(chosen(world, 'one')).toBeUndefined()
  expect(chosen(world, 'base')).toBe('1\n')
  checkRefused(world, { edited: 'x' }, /old \(delete\) is taken or left whole/)
})

test('only a new regular file is edited or joined', () => {
  const units = [
    ['add', '120000'],
    ['add', '160000'],
    ['mode', '100755'],
    ['type', '100644'],
    ['binary', '100644'],
  ] as const
  for (const [unit, mode] of units) {
    const made = (oid: string): UnitChange => ({
      kind: 'unit',
      unit,
      path: 'x',
      base: null,
      entry: { mode, oid },
    })
    const candidates = ['one', 'two'].map((agent) => ({ agent, tree: '', changes: [made(agent)] }))
    const [region] = regionsOf({ candidates, decisions: [], baseText: () => '' })
    for (const choice of ['a+b', { edited: 'x' }]) {
      expect(choose(region!, choice, { read: () => '' })).toMatchObject({ code: 'KAGE_CHOICE_INVALID' })
    }
    expect(choose(region!, 'b', { read: () => '' })).toMatchObject([{ unit, entry: { mode, oid: 'two' } }])
  }
})

test('binary files do not join', () => {
  checkRefused(
    mergeWorld({}, { one: { new: '1\0' }, two: { new: '2' } }),
    'a+b',
    /new \(add\) is taken or left whole: it is binary/,
  )
})

test('a hostile path cannot forge a line of the message', () => {
  const files: Files = { 'a\n\x1b[31mb\udcff': '' }
  checkRefused(mergeWorld({}, { one: files }), 'x', /a\\x0a\\x1b\[31mb\\xff; it has/)
})
