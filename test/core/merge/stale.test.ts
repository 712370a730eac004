import { expect, test } from 'vitest'
import type { Decision } from '../../../src/core/merge/change.ts'
import { type Choice, choose } from '../../../src/core/merge/choice.ts'
import { takeAgent } from '../../../src/core/merge/decision.ts'
import { chooseLines } from '../../../src/core/merge/line-choice.ts'
import type { RegionView } from '../../../src/core/merge/region-view.ts'
import { isSameThere, isStale } from '../../../src/core/merge/stale.ts'
import { type Files, mergeWorld } from '../../support/merge-world.ts'

const base: Files = { poem: 'one\ntwo\nthree\n' }
const before = { ada: { poem: 'one\nTWO\n2b\nthree\n' }, bo: { poem: 'one\nzwei\nthree\n' } }

test('a variant that was taken is stale as soon as nobody makes it any more', () => {
  expect(staleAfter('ada', before)).toBe(false)
  expect(staleAfter('ada', { ...before, ada: { poem: 'one\nTwo\nthree\n' } })).toBe(true)
  expect(staleAfter('ada', { ...before, ada: base })).toBe(true)
  expect(staleAfter('ada', { ada: base, bo: before.ada })).toBe(false)
})

test('two joined are stale when a line of one of them is gone', () => {
  const both = { ada: { poem: 'one\ntwo\n2b\nthree\n' }, bo: { poem: 'one\ntwo\nzwei\nthree\n' } }
  expect(staleAfter('ada+bo', both, both)).toBe(false)
  expect(staleAfter('ada+bo', { ...both, bo: { poem: 'one\ntwo\ndeux\nthree\n' } }, both)).toBe(true)
})

test('two joined are not stale for a carriage return with which the first ends', () => {
  const world = mergeWorld({ f: 'a\n' }, { one: { f: 'a\nx\r' }, two: { f: 'a\ny' } })
  const [region] = world.regions()
  const chosen = choose(region!, 'one+two', { read: world.read })
  if (!Array.isArray(chosen)) throw new Error(chosen.message)
  expect(world.regions(chosen).map(isStale)).toEqual([false])
})

test('lines that were picked are stale only when one of them is gone', () => {
  const picked = chooseLines(regionOf(before), [{ variant: 'ada', first: 1, last: 1 }], { read: () => '' })
  if (!Array.isArray(picked)) throw new Error(picked.message)
  expect(isStale(regionOf({ ...before, ada: { poem: 'one\nTWO\nother\nthree\n' } }, picked))).toBe(false)
  expect(isStale(regionOf({ ...before, ada: { poem: 'one\nother\n2b\nthree\n' } }, picked))).toBe(true)
})

test("a person's own text is never stale", () => {
  expect(staleAfter({ edited: 'mine\n' }, { ...before, ada: base })).toBe(false)
})

test('a new file that was taken is stale when its agent has changed it or thrown it away', () => {
  const added = { ada: { ...base, new: 'a\n' }, bo: base }
  expect(staleAfter('ada', added, added)).toBe(false)
  expect(staleAfter('ada', { ...added, ada: { ...base, new: 'b\n' } }, added)).toBe(true)
  expect(staleAfter('ada', { ...added, ada: base }, added)).toBe(true)
})

test('a change is the same as long as what its agent does at those lines or with that file is', () => {
  const long = { poem: '1\n2\n3\n4\n5\n6\n7\n' }
  const was = { poem: '1\n2\nx\n4\n5\n6\n7\n', new: 'n\n' }
  const same = (now: Files, path: string): boolean => {
    const [before, after] = [mergeWorld(long, { ada: was }), mergeWorld(long, { ada: now })]
    const decision = takeAgent([], before.regions(), 'ada').find((each) => each.path === path)
    const [old, fresh] = [before.candidates[0], after.candidates[0]]
    if (!decision || !old || !fresh) throw new Error('nothing is decided')
    return isSameThere(decision, old, fresh)
  }
  expect(same({ ...was, poem: '1\n2\nx\n4\n5\n6\nseven\n' }, 'poem')).toBe(true)
  expect(same({ ...was, poem: '1\ntwo\nx\n4\n5\n6\n7\n' }, 'poem')).toBe(false)
  expect(same({ ...was, ...long }, 'poem')).toBe(false)
  expect(same({ new: 'n\n' }, 'poem')).toBe(false)
  expect(same({ ...long, new: 'n\n' }, 'new')).toBe(true)
  expect(same({ ...long, new: 'm\n' }, 'new')).toBe(false)
  expect(same(long, 'new')).toBe(false)
})

/** Whether what is chosen of some agents' work is stale when that work has become another. */
function staleAfter(
  choice: Choice,
  after: Readonly<Record<string, Files>>,
  first: Readonly<Record<string, Files>> = before,
): boolean {
  const world = mergeWorld(base, first)
  const chosen = choose(regionOf(first), choice, { read: world.read })
  if (!Array.isArray(chosen)) throw new Error(chosen.message)
  return isStale(regionOf(after, chosen))
}

function regionOf(agents: Readonly<Record<string, Files>>, decided: readonly Decision[] = []): RegionView {
  const [region] = mergeWorld(base, agents).regions(decided)
  if (region === undefined) throw new Error('there is no region')
  return region
}
