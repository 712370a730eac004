import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { likenesses } from '../../../src/core/merge/likeness.ts'
import { holds } from '../../support/property.ts'
import { type Files, mergeWorld } from '../../support/merge-world.ts'

/** What is alike in each region in order, as `[['a', 'b']]`. */
function alike(base: Files, agents: Readonly<Record<string, Files>>): string[][][] {
  const world = mergeWorld(base, agents)
  const regions = world.regions()
  const found = likenesses(regions, world.read)
  return regions.map(({ key }) => found.get(key) ?? [])
}

test('variants that differ only in blanks and comments are alike', () => {
  const base = { 'a.ts': 'a()\n' }
  const made = {
    one: { 'a.ts': 'f(x)\n' },
    two: { 'a.ts': 'f( x ) // why\n' },
    three: { 'a.ts': 'g(x)\n' },
    four: { 'a.ts': 'f(x) // how\n' },
    five: { 'a.ts': 'f(x)\n' },
  }
  expect(alike(base, made)).toEqual([[['a', 'b', 'd']]])
  expect(alike({ 'a.py': 'a()\n' }, { one: { 'a.py': 'f(x)\n' }, two: { 'a.py': 'f( x )\n' } })).toEqual([[]])
})

test('what stands before a region decides what its blanks mean', () => {
  const inString = { 'a.ts': 'x = `\na\nb\n`\n' }
  const made = { one: { 'a.ts': 'x = `\nc\nb\n`\n' }, two: { 'a.ts': 'x = `\n c\nb\n`\n' } }
  expect(alike(inString, made)).toEqual([[]])
  const inCode = { 'a.ts': 'x = ``\na\nb\n' }
  expect(alike(inCode, { one: { 'a.ts': 'x = ``\nc\nb\n' }, two: { 'a.ts': 'x = ``\n c\nb\n' } })).toEqual([
    [['a', 'b']],
  ])
})

test('a comment that only one variant leaves open makes it unlike', () => {
  const base = { 'a.ts': 'a\nb\n*/\n' }
  expect(alike(base, { one: { 'a.ts': 'c\nb\n*/\n' }, two: { 'a.ts': 'c /*\nb\n*/\n' } })).toEqual([[]])
})

test('each file, and what is taken whole, stands for itself', () => {
  const base = { 'a.ts': 'a\n', 'b.ts': '`\na\n' }
  const one = { 'a.ts': 'x\n', 'b.ts': '`\nx\n', 'c.ts': 'x\n' }
  const two = { 'a.ts': ' x\n', 'b.ts': '`\n x\n', 'c.ts': ' x\n' }
  expect(alike(base, { one, two })).toEqual([[['a', 'b']], [], []])
})

test('likeness parts the variants of a region: none is in two groups, and none is alone in one', () => {
  const line = fc.constantFrom('a', 'a ', ' a', 'b', '// c', 'b // d', '/*', '*/', '`', '')
  const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.map((each) => `${each}\n`).join(''))
  holds(
    fc.property(text, text, text, text, (base, one, two, three) => {
      const world = mergeWorld(
        { f: base, 'f.ts': base },
        {
          one: { f: base, 'f.ts': one },
          two: { f: base, 'f.ts': two },
          three: { f: base, 'f.ts': three },
        },
      )
      const regions = world.regions()
      const found = likenesses(regions, world.read)
      for (const { key, variants } of regions) {
        const letters = (found.get(key) ?? []).flat()
        expect(new Set(letters).size).toBe(letters.length)
        for (const letter of letters) expect(variants.map((variant) => variant.letter)).toContain(letter)
        for (const group of found.get(key) ?? []) expect(group.length).toBeGreaterThan(1)
      }
    }),
  )
})
