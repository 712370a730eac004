import { wantedOf } from '../../../src/core/landing.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { atRegion } from '../../../src/nvim/review/position.ts'
import { bytesAt, type LineRow, type Row } from '../../../src/nvim/review/rows.ts'
import { selectedLines } from '../../../src/nvim/review/select.ts'
import { takeLines, takeNumber } from '../../../src/nvim/review/take.ts'
import { variantRows } from '../../../src/nvim/review/variant-rows.ts'
import { anyWorld, closedText } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { accepted, reviewWorld } from '../../support/review-world.ts'

test('the rows of a variant are its text, and with what is gone the base', () => {
  holds(
    fc.property(anyWorld, ({ base, agents }) => {
      const { review } = reviewWorld(base, agents)
      for (const shown of review.regions) {
        const { region } = shown
        if (region.kind !== 'text') continue
        const rows = variantRows(review, shown)
        for (const { letter, text, atoms } of region.variants) {
          const mine = rows.filter((row): row is LineRow => row.kind === 'line' && row.letter === letter)
          // Where a line without an end gets one because others follow, the rows show what the atoms say.
          if (atoms.some((atom) => !atom.text.endsWith('\n')) || !region.baseText.endsWith('\n')) continue
          expect(joined(mine, '-')).toBe(text)
          expect(joined(mine, '+')).toBe(region.baseText)
        }
      }
    }),
  )
})

test('rows have names of their own', () => {
  holds(
    fc.property(anyWorld, ({ base, agents }) => {
      const { review } = reviewWorld(base, agents)
      for (const shown of review.regions) {
        const names = variantRows(review, shown).flatMap(({ name }) => (name === null ? [] : [name]))
        expect(new Set(names).size).toBe(names.length)
      }
    }),
    100,
  )
})

test('selecting all rows of a variant takes it whole', () => {
  holds(
    fc.property(closedText, closedText, (base, made) => {
      const world = reviewWorld({ f: base }, { one: { f: made } })
      for (const shown of world.review.regions) {
        if (shown.region.kind !== 'text' || shown.region.variants[0]?.text === '') continue
        const at = atRegion(world.review, shown.region.key)
        const rows = variantRows(at, shown)
        const picked = selectedLines(rows, ...spanOf(rows))
        if (picked === null) throw new Error('nothing was selected')
        const lines = accepted(takeLines(at, picked.letter, picked.ranges))
        expect(wantedOf(lines)).toEqual(wantedOf(accepted(takeNumber(at, 1))))
      }
    }),
  )
})

test('a deleted line alone can be selected', () => {
  const world = reviewWorld({ f: 'a\nb\nc\nd\n' }, { one: { f: 'a\nc\nD\n' }, two: { f: 'x\nb\nc\nd\n' } })
  const [shown] = world.review.regions
  if (shown === undefined) throw new Error('no region')
  const rows = variantRows(world.review, shown)
  const gone = rows.findIndex((row) => row.kind === 'line' && row.sign === '-' && bytesAt(row.at) === 'b\n')
  const picked = selectedLines(rows, gone + 1, gone + 1)
  expect(picked?.letter).toBe('a')
  const review = accepted(takeLines(world.review, 'a', picked?.ranges ?? []))
  expect(world.composed(wantedOf(review))['f']).toBe('a\nc\nd\n')
})

test('a selection over two variants, or over none, is no selection', () => {
  const { review } = reviewWorld({ f: 'a\n' }, { one: { f: 'x\n' }, two: { f: 'y\n' } })
  const [shown] = review.regions
  const rows = shown === undefined ? [] : variantRows(review, shown)
  expect(selectedLines(rows, 1, rows.length)).toBeNull()
  expect(selectedLines(rows, 1, 3)).toBeNull()
})

function joined(rows: readonly LineRow[], without: string): string {
  return rows
    .filter(({ sign }) => sign !== without)
    .map(({ at }) => bytesAt(at))
    .join('')
}

function spanOf(rows: readonly Row[]): [number, number] {
  const mine = rows.flatMap((row, index) => (row.kind === 'line' && row.letter === 'a' ? [index + 1] : []))
  return [mine[0] ?? 0, mine.at(-1) ?? 0]
}
