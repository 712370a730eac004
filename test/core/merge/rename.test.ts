import { expect, test } from 'vitest'
import type { Decision, Entry } from '../../../src/core/merge/change.ts'
import { choose } from '../../../src/core/merge/choice.ts'
import { compose } from '../../../src/core/merge/compose.ts'
import { decideRegions, exclusions, goingWith, takeAgent } from '../../../src/core/merge/decision.ts'
import { chooseLines } from '../../../src/core/merge/line-choice.ts'
import { decidePick } from '../../../src/core/merge/pick.ts'
import { isSameThere, isStale } from '../../../src/core/merge/stale.ts'
import { type Files, mergeWorld, type MergeWorld } from '../../support/merge-world.ts'

const nine = '1\n2\n3\n4\n5\n6\n7\n8\n9\n'
const base = { old: nine, stays: 's\n' }
const world = mergeWorld(base, {
  ada: { 'dir/ada': nine.replace('2', 'ada'), stays: 's\n' },
  bo: { old: nine.replace('8', 'bo'), stays: 's\n' },
  cy: { cy: nine, stays: 's\n' },
  di: { stays: 's\n' },
  ed: { ...base, cy: 'new\n' },
})

/** Decides choices one after the other; a region is named by its kind. */
function decided(picks: readonly (readonly [kind: string, choice: string])[], among = world): Decision[] {
  return picks.reduce<Decision[]>((decisions, [name, choice]) => {
    const region = among.regions(decisions).find(({ kind, start }) => `${kind}${start ?? ''}` === name)
    if (region === undefined) throw new Error(`No region ${name}`)
    const chosen = choose(region, choice, { read: among.read })
    if (!Array.isArray(chosen)) throw new Error(chosen.message)
    return decideRegions(decisions, region, chosen)
  }, [])
}

function check(
  picks: readonly (readonly [string, string])[],
  expected: Files,
  among: MergeWorld = world,
): void {
  for (const order of [picks, picks.toReversed()]) {
    const decisions = decided(order, among)
    expect(exclusions(decisions, among.candidates)).toBeNull()
    expect(among.composed(decisions)).toEqual(expected)
  }
}

function excluded(picks: readonly (readonly [string, string])[]): string | undefined {
  return exclusions(decided(picks), world.candidates)?.message
}

test('a renamed file has one region for its path and those of its text, all under its path in the base', () => {
  const shown = world.regions().map(({ kind, path, variants }) => ({
    kind,
    path,
    variants: variants.map((variant) => [variant.agents.join('='), 'to' in variant ? variant.to : '']),
  }))
  expect(shown).toEqual([
    { kind: 'add', path: 'cy', variants: [['ed', '']] },
    { kind: 'text', path: 'old', variants: [['ada', '']] },
    { kind: 'text', path: 'old', variants: [['bo', '']] },
    {
      kind: 'rename',
      path: 'old',
      variants: [
        ['ada', 'dir/ada'],
        ['cy', 'cy'],
      ],
    },
    { kind: 'delete', path: 'old', variants: [['di', '']] },
  ])
})

test("one agent's new path and another's edit both hold", () => {
  check(
    [
      ['rename', 'ada'],
      ['text7', 'bo'],
    ],
    { 'dir/ada': nine.replace('8', 'bo'), stays: 's\n' },
  )
  check(
    [
      ['rename', 'cy'],
      ['text7', 'bo'],
      ['text1', 'ada'],
    ],
    {
      cy: nine.replace('8', 'bo').replace('2', 'ada'),
      stays: 's\n',
    },
  )
})

test('the content of a renamed file alone edits it in place, its path alone moves what the base holds', () => {
  check([['text1', 'ada']], { ...base, old: nine.replace('2', 'ada') })
  check([['rename', 'ada']], { 'dir/ada': nine, stays: 's\n' })
})

test('a later path replaces an earlier one, and base takes it back', () => {
  expect(
    world.composed(
      decided([
        ['rename', 'ada'],
        ['rename', 'b'],
      ]),
    ),
  ).toEqual({ cy: nine, stays: 's\n' })
  expect(
    decided([
      ['rename', 'ada'],
      ['rename', 'base'],
    ]),
  ).toEqual([])
})

test('a removal excludes another path and another content', () => {
  expect(
    excluded([
      ['delete', 'di'],
      ['rename', 'ada'],
    ]),
  ).toBe('old is decided as a whole (delete) and renamed as well.')
  expect(
    excluded([
      ['delete', 'di'],
      ['text7', 'bo'],
    ]),
  ).toMatch(/^old is decided as a whole \(delete\) and line by line/)
})

test('two files for one path exclude each other', () => {
  expect(
    excluded([
      ['rename', 'cy'],
      ['add', 'ed'],
    ]),
  ).toBe('cy would be two files: cy itself and old renamed.')
  const both = mergeWorld(
    { a: nine, b: `${nine}b\n` },
    { one: { x: nine, b: `${nine}b\n` }, two: { a: nine, x: `${nine}b\n` } },
  )
  const taken = ['one', 'two'].reduce<Decision[]>(
    (before, agent) => takeAgent(before, both.regions(before), agent),
    [],
  )
  expect(exclusions(taken, both.candidates)?.message).toBe('x would be two files: a renamed and b renamed.')
  expect(() => both.composed(taken)).toThrow('two files')
})

test('a file that is moved excludes a file where its directory must be, and frees its own path', () => {
  const among = mergeWorld({ a: nine, b: 'b\n' }, { one: { 'b/a': nine }, two: { 'a/c': 'new\n', b: 'b\n' } })
  const [moved] = takeAgent([], among.regions(), 'one').filter(
    (each) => each.kind === 'unit' && each.unit === 'rename',
  )
  expect(exclusions([moved!], among.candidates)?.message).toMatch(/^b and b\/a exclude each other/)
  const below = mergeWorld({ a: nine }, { one: { z: nine }, two: { a: nine, 'b/c': 'new\n' } })
  const decisions = takeAgent([], below.regions(), 'one')
  const added = { ...takeAgent([], below.regions(), 'two')[0]!, path: 'a/c' } as Decision
  expect(exclusions([...decisions, added], below.candidates)).toBeNull()
  expect(below.composed([...decisions, added])).toEqual({ z: nine, 'a/c': 'new\n' })
  expect(goingWith(decisions, [added])).toEqual([added])
  expect(goingWith([added], decisions)).toEqual(decisions)
})

test('two files swap their names', () => {
  const [a, b] = ['a', 'b'].map((oid): Entry => ({ mode: '100644', oid }))
  const move = (path: string, entry: Entry, to: string): Decision => {
    return { kind: 'unit', unit: 'rename', path, base: entry, entry, to, source: ['one'] }
  }
  const swap = [move('a', a!, 'b'), move('b', b!, 'a')]
  expect(exclusions(swap)).toBeNull()
  expect(compose(swap, () => '')).toEqual([
    { path: 'a', ...b },
    { path: 'b', ...a },
  ])
  expect(
    exclusions(swap.slice(0, 1), [{ agent: '', tree: '', changes: [{ ...swap[1]!, unit: 'type' } as never] }])
      ?.message,
  ).toBe('b would be two files: b itself and a renamed.')
  const edit: Decision = {
    kind: 'atom',
    path: 'a',
    base: a!,
    atom: { start: 0, end: 1, text: 'x\n' },
    source: [],
  }
  expect(compose([...swap, edit], () => '1\n')[1]).toEqual({ path: 'b', mode: '100644', content: 'x\n' })
})

test('a mode stands beside a path and a content', () => {
  const entry = { mode: '100644', oid: 'a' }
  const face = { kind: 'unit', path: 'a', base: entry, source: [] } as const
  const path: Decision = { ...face, unit: 'rename', entry, to: 'b' }
  const mode: Decision = { ...face, unit: 'mode', entry: { ...entry, mode: '100755' } }
  const binary: Decision = { ...face, unit: 'binary', entry: { ...entry, oid: 'b' } }
  const link: Decision = { ...face, unit: 'type', entry: { mode: '120000', oid: 'b' } }
  const edit: Decision = {
    kind: 'atom',
    path: 'a',
    base: entry,
    atom: { start: 0, end: 0, text: 'x\n' },
    source: [],
  }
  const made = (...decisions: Decision[]): unknown => {
    expect(exclusions(decisions)).toBeNull()
    return compose(decisions, () => '1\n').find((each) => !('removed' in each))
  }
  expect(made(mode, path)).toEqual({ path: 'b', mode: '100755', oid: 'a' })
  expect(made(mode, edit)).toEqual({ path: 'a', mode: '100755', content: 'x\n1\n' })
  expect(made(mode, binary, path)).toEqual({ path: 'b', mode: '100755', oid: 'b' })
  expect(made(link, path)).toEqual({ path: 'b', mode: '120000', oid: 'b' })
  for (const other of [link, edit, binary]) {
    const old: Decision = { ...mode, entry: { mode: '100755', oid: 'c' } }
    expect(exclusions([old, other])?.code).toBe('KAGE_CHOICES_EXCLUDE')
  }
  expect(exclusions([mode, link])?.message).toBe('a is decided as a whole (type) and given a mode as well.')
  expect(exclusions([path, { ...path, to: 'c' }])?.message).toBe('a is renamed to two paths.')
})

test('a path given by either name takes all that the agent changed in the file', () => {
  const regions = new Map(world.regions().map((region, index) => [`g${index + 1}`, region]))
  for (const path of ['old', 'dir', 'dir/ada']) {
    const request = { from: 'ada', paths: [path], regions: [], lines: [], choices: [] }
    const picked = decidePick([], request, { agents: ['ada'], regions, read: world.read })
    if ('code' in picked) throw new Error(picked.message)
    expect(world.composed(picked.decisions)).toEqual({ 'dir/ada': nine.replace('2', 'ada'), stays: 's\n' })
  }
})

test('lines are picked of a renamed file', () => {
  const among = mergeWorld({ old: nine }, { ada: { new: nine.replace('2\n3', 'A\nB') } })
  const [text, path] = among.regions()
  const chosen = chooseLines(text!, [{ variant: 'ada', first: 2, last: 2 }], { read: among.read })
  const moved = choose(path!, 'ada', { read: among.read })
  if (!Array.isArray(chosen) || !Array.isArray(moved)) throw new Error('refused')
  expect(among.composed([...chosen, ...moved])).toEqual({ new: nine.replace('3', 'B') })
  expect(chooseLines(path!, [{ variant: 'ada', first: 1, last: 1 }], { read: among.read })).toMatchObject({
    code: 'KAGE_CHOICE_INVALID',
  })
})

test('a path that was taken is stale when its agent moves the file elsewhere or edits it in place', () => {
  const before = mergeWorld({ old: nine }, { ada: { new: nine.replace('1', 'x') } })
  const taken = takeAgent([], before.regions(), 'ada')
  const stale = (files: Files): boolean[] => {
    const now = mergeWorld({ old: nine }, { ada: files })
    const same = taken.map((decision) => isSameThere(decision, before.candidates[0]!, now.candidates[0]!))
    const kinds = ['atom', 'unit']
    const gone = kinds.map((kind) =>
      now.regions(taken).some((region) => (region.kind === 'text') === (kind === 'atom') && isStale(region)),
    )
    expect(same).toEqual(gone.map((each) => !each))
    return gone
  }
  expect(stale({ new: nine.replace('1', 'x') })).toEqual([false, false])
  expect(stale({ other: nine.replace('1', 'x') })).toEqual([false, true])
  expect(stale({ old: nine.replace('1', 'x') })).toEqual([false, true])
  expect(stale({ new: nine.replace('1', 'y') })).toEqual([true, false])
})
