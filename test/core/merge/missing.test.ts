import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { takeAgent } from '../../../src/core/merge/decision.ts'
import { missingRegions } from '../../../src/core/merge/missing.ts'
import { insideOf } from '../../../src/core/merge/region-index.ts'
import { type Files, mergeWorld, type MergeWorld } from '../../support/merge-world.ts'
import { holds } from '../../support/property.ts'

test('exactly the regions are missing that were thrown away, whatever else of the file was changed', () => {
  const change = fc.record({
    line: fc.nat(5).map((at) => 3 * at),
    how: fc.constantFrom('change', 'remove', 'insert'),
    thrown: fc.boolean(),
  })
  const changes = fc.uniqueArray(change, { selector: ({ line }) => line })
  holds(
    fc.property(changes, fc.boolean(), (made, edits) => {
      const world = mergeWorld({ f: text([]) }, { a: { f: text(made) } })
      const landed = takeAgent([], world.regions(), 'a')
      const regions = world.regions(landed)
      const left = made.filter(({ thrown }) => !thrown)
      const now = `${text(left)}${edits ? 'a line of mine\n' : ''}`
      const missing = missingIn(world, { f: now }, 'a')
      const inAll = regions.filter(({ key }) => missing.has(key)).length
      expect(inAll).toBe(made.length - left.length)
    }),
  )
})

test('lines that were removed side by side are missing only together with all of their region', () => {
  const world = mergeWorld({ f: 'a\nb\nc\nd\ne\n' }, { a: { f: 'a\nc\nd\ne\n' }, b: { f: 'a\nb\nd\ne\n' } })
  const [region] = world.regions([])
  const landed = ['a', 'b'].flatMap((agent) => takeAgent([], world.regions([]), agent))
  const missing = (now: string): boolean => {
    const after = mergeWorld(world.composed(landed), { target: { f: now } })
    const changes = after.candidates[0]?.changes ?? []
    return missingRegions([region!], { landed, changes, read: world.read }).size === 1
  }
  expect(world.composed(landed)).toEqual({ f: 'a\nd\ne\n' })
  expect(missing('a\nb\nc\nd\ne\n')).toBe(true)
  expect(missing('a\nd\nmine\n')).toBe(false)
  expect(missing('a\nd\ne\nmine\n')).toBe(false)
})

test('a landed file, removal or new name that the person took back is missing, one that they changed on is not', () => {
  const world = mergeWorld({ gone: 'g\n', old: 'o1\no2\no3\n' }, { a: { new: 'n\n', moved: 'o1\no2\no3\n' } })
  const kinds = (now: Files): string[] => {
    const missing = missingIn(world, now, 'a')
    return world.regions().flatMap(({ key, kind }) => (missing.has(key) ? [kind] : []))
  }
  expect(kinds({ new: 'n\n', moved: 'o1\no2\no3\n' })).toEqual([])
  expect(kinds({ moved: 'o1\no2\no3\n' })).toEqual(['add'])
  expect(kinds({ new: 'n\nmine\n', moved: 'o1\no2\no3\n' })).toEqual([])
  expect(kinds({ new: 'n\n', gone: 'g\n', moved: 'o1\no2\no3\n' })).toEqual(['delete'])
  expect(kinds({ new: 'n\n', gone: 'mine\n', moved: 'o1\no2\no3\n' })).toEqual([])
  expect(kinds({ new: 'n\n', old: 'o1\no2\no3\n' })).toEqual(['rename'])
})

/** The regions of all that an agent made and landed which are missing in what the person has now. */
function missingIn(world: MergeWorld, now: Files, agent: string): Set<string> {
  const landed = takeAgent([], world.regions(), agent)
  const regions = world.regions(landed)
  expect(landed.every(insideOf(regions))).toBe(true)
  const after = mergeWorld(world.composed(landed), { target: now })
  const changes = after.candidates[0]?.changes ?? []
  return missingRegions(regions, { landed, changes, read: world.read })
}

function text(made: readonly { line: number; how: string }[]): string {
  return Array.from({ length: 20 }, (_, line) => {
    const how = made.find((each) => each.line === line)?.how
    if (how === 'remove') return ''
    return how === 'change' ? `changed ${line}\n` : `line ${line}\n${how === 'insert' ? `new ${line}\n` : ''}`
  }).join('')
}
