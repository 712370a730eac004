import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { limit } from '../../../src/core/limit.ts'
import type { Pane } from '../../../src/nvim/frame.ts'
import type { Review } from '../../../src/nvim/review/model.ts'
import { atRegion } from '../../../src/nvim/review/position.ts'
import { render, textsWanted } from '../../../src/nvim/review/render.ts'
import { shownLine } from '../../../src/nvim/review/shown-text.ts'
import { keepBase, takeNumber } from '../../../src/nvim/review/take.ts'
import { anyWorld } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { accepted, linesWorld, reviewWorld } from '../../support/review-world.ts'

function panesOf(review: Review): readonly Pane[] {
  return render(review, []).panes
}

function linesOf(review: Review, pane: 0 | 1): readonly string[] {
  return panesOf(review)[pane]?.lines ?? []
}

test('every line has a row, and every mark lies within its line', () => {
  const shown = fc.constantFrom('variants' as const, 'file' as const, 'result' as const, 'evidence' as const)
  holds(
    fc.property(anyWorld, fc.nat(3), shown, ({ base, agents }, number, view) => {
      const opened = reviewWorld(base, agents).review
      const taken = takeNumber(opened, number)
      const review = 'review' in taken ? taken.review : opened
      for (const { lines, rows, marks } of panesOf({ ...review, shown: view })) {
        expect(rows).toHaveLength(lines.length)
        expect(lines.join('')).not.toContain('\n')
        for (const [row, start, end] of marks) {
          const bytes = Buffer.byteLength(lines[row] ?? '')
          expect(start).toBeLessThanOrEqual(end)
          expect(end).toBeLessThanOrEqual(bytes)
        }
      }
    }),
  )
})

test('the left pane tells who made the same, who changed nothing, and what is decided', () => {
  const { review } = linesWorld({
    'coder-1': { 3: 'one' },
    'coder-2': { 3: 'two', 8: 'x' },
    'coder-3': { 3: 'one' },
    'coder-4': {},
    'coder-5': {},
  })
  expect(linesOf(review, 0)).toEqual([
    'file',
    '     g1 3  1=3 · 2 · base 4,5 · 2 of 5 agree',
    '     g2 8  2 · base 1,3,4,5',
  ])
  expect(linesOf(accepted(takeNumber(review, 2)), 0)[1]).toMatch(/^✓2 {3}g1/)
  expect(linesOf(accepted(keepBase(review)), 0)[1]).toMatch(/^✓0 {3}g1/)
})

test('variants that are alike but for blanks and comments are marked as such', () => {
  const { review } = linesWorld({ one: { 3: 'x' }, two: { 3: 'y' }, three: { 3: 'x' }, four: { 3: ' x' } })
  const regions = review.regions.map((shown) => ({ ...shown, clean: ['a', 'b'], alike: [['a', 'c']] }))
  expect(linesOf({ ...review, regions }, 0)[1]).toBe('     g1 3  1=3 ≈ 4! · 2 · 2 of 4 agree')
  const right = linesOf({ ...review, regions }, 1)
  expect(right).toContain('── 1=3 one, three  ≈ 4  ▸ previewed')
  expect(right).toContain('── 4 four  ≈ 1=3  ! conflicts')
  expect(right).toContain('── 2 two')
})

test('a region is called after the function that it lies in, where there is room', () => {
  const { review } = linesWorld({ one: { 3: 'x' } })
  const part = { name: 'Clock.tick', start: 1, end: 5 }
  const named = { ...review, regions: review.regions.map((shown) => ({ ...shown, part })) }
  expect(linesOf(named, 0)[1]).toBe('     g1 3  1  Clock.tick')
  expect(linesOf(named, 1)[0]).toBe('file  line 3 in Clock.tick  g1')
  expect(render(named, [], { regions: { columns: 24 } }).panes[0]?.lines[1]).toBe('     g1 3  1  Clock.tick')
  expect(render(named, [], { regions: { columns: 23 } }).panes[0]?.lines[1]).toBe('     g1 3  1')
})

test('what has landed looks other than what is still to be landed', () => {
  const { review } = linesWorld({ one: { 3: 'x', 8: 'y' } })
  const taken = accepted(takeNumber(review, 1))
  expect(panesOf(taken)[0]?.title).toBe(' r1 · 1 of 2 open · 1 to land ')
  const landed = { ...taken, landed: taken.pending.added, pending: { removed: [], added: [] } }
  expect(panesOf(landed)[0]?.title).toBe(' r1 · 1 of 2 open ')
  expect(linesOf(landed, 0)[1]).toMatch(/^●1 {3}g1/)
  expect(linesOf(landed, 1)).toContain('── 1 one  ▸ previewed  ● landed')
  // Taken out again, perhaps in another Neovim: the base is chosen there.
  const out = { ...landed, pending: { removed: taken.pending.added, added: [] } }
  expect(linesOf(out, 0)[1]).toMatch(/^✓0 {3}g1/)
  expect(panesOf(out)[0]?.title).toBe(' r1 · 1 of 2 open · 1 to land ')
})

test('the place of a region reads as a sentence has it', () => {
  const { review } = reviewWorld(
    { f: 'a\nb\nc\n' },
    { one: { f: 'a\nB\nC\n' }, two: { f: '0\na\nb\nc\nd\n' } },
  )
  const places = review.regions.map(({ region }) => linesOf(atRegion(review, region.key), 1)[0])
  expect(places).toEqual(['f  before line 1  g1', 'f  lines 2-3  g2'])
})

test('a variant that does not land cleanly and a stale region are marked', () => {
  const { review } = linesWorld({ one: { 3: 'x' }, two: { 3: 'y' } })
  const regions = review.regions.map((shown) => ({ ...shown, clean: ['a'], stale: true }))
  expect(linesOf({ ...review, regions }, 0)[1]).toBe('     g1 3  ~ stale  1 · 2!')
  expect(linesOf({ ...review, regions }, 1).join('\n')).toMatch(/── 2 two {2}! conflicts/)
})

test('the right pane shows the base, each variant against it, and the result in its place', () => {
  const { review } = linesWorld({ one: { 3: 'line three' }, two: { 3: 'y' } })
  expect(linesOf(accepted(takeNumber(review, 1)), 1)).toEqual([
    'file  line 3  g1',
    '── 0 base',
    '  line 3',
    '── 1 one  ▸ previewed  ✓ taken',
    '- line 3',
    '+ line three',
    '── 2 two',
    '- line 3',
    '+ y',
    '── result',
    '  line 1',
    '  line 2',
    '- line 3',
    '+ line three',
    '  line 4',
    '  line 5',
    '  line 6',
  ])
})

test('a renamed file shows its old and new path, and the result where it goes', () => {
  const text = 'a\nb\nc\nd\n'
  const { review } = reviewWorld(
    { old: text },
    { one: { 'dir/new': text.replace('b', 'B') }, two: { other: text }, three: { old: text } },
  )
  expect(linesOf(review, 0)).toEqual(['old', '     g1 2  1 · base 2,3', '     g2 rename  1 · 2 · base 3'])
  const second = { ...review, position: { region: review.regions[1]?.region.key ?? null, letter: null } }
  expect(linesOf(second, 1)).toEqual([
    'old  rename  g2',
    '── 0 base  left as it is by three',
    '  mode 100644',
    '── 1 one  ▸ previewed',
    '  old → dir/new',
    '── 2 two',
    '  old → other',
  ])
  const both = accepted(takeNumber(accepted(takeNumber(review, 1)), 1))
  const all = accepted(takeNumber({ ...both, position: second.position }, 1))
  expect(linesOf(all, 0)[2]).toMatch(/^✓1 +g2 rename/)
  expect(linesOf({ ...all, shown: 'result' }, 1)).toEqual([
    'the whole result: 1 file',
    '  R old → dir/new  +1 -1  one',
  ])
  expect(linesOf({ ...all, shown: 'file' }, 1).slice(0, 3)).toEqual([
    'old  as decided',
    '  moved to dir/new',
    '  a',
  ])
  const other = accepted(takeNumber({ ...all, position: second.position }, 2))
  expect(linesOf({ ...other, shown: 'result' }, 1)[1]).toBe('  R old → other  +1 -1  one, two')
})

test('the rows that are code are told with the path of their file', () => {
  const { review } = linesWorld({ one: { 3: 'line three' }, two: { 3: 'y' } }, 'a/f.ts')
  const [, right] = panesOf(review)
  expect(right?.code?.path).toBe('a/f.ts')
  const code = right?.code?.blocks.map(([first, last]) => right.lines.slice(first, last))
  expect(code).toEqual([['  line 3'], ['- line 3', '+ line three'], ['- line 3', '+ y']])
  expect(panesOf({ ...review, shown: 'evidence' })[1]).not.toHaveProperty('code')
})

test('words that differ are marked apart', () => {
  const { review } = linesWorld({ one: { 3: 'line three' } })
  const marks = panesOf(review)[1]?.marks.filter(([, , , group]) => group === 'KageReviewAddedWord')
  expect(marks).toEqual([[5, 7, 12, 'KageReviewAddedWord']])
})

test('of very many lines only a part is drawn, with what is above and below', () => {
  const long = 'x\n'.repeat(5000)
  const { review } = reviewWorld({ f: 'a\n' }, { one: { f: long } })
  const first = linesOf(review, 1)
  expect(first).toHaveLength(limit.reviewRows + 1)
  expect(first.at(-1)).toMatch(/… 40\d\d lines below: <Space>/)
  expect(linesOf({ ...review, top: limit.reviewRows }, 1)[0]).toMatch(/… 1000 lines above: <BS>/)
})

test('what is not plain text is shown as what it is', () => {
  expect(shownLine('a\r\n')).toBe('a^M')
  expect(shownLine('\xff\x1b[31m\0\n')).toBe('<ff>^[[31m^@')
  expect(shownLine('\xe2\x80\xae')).toBe('⟨U+202E⟩')
  expect(shownLine('caf\xc3\xa9\t')).toBe('café\t')
  expect(shownLine('x'.repeat(9999))).toHaveLength(limit.shownLineCharacters + 1)
})

test('only the contents that are shown are wanted', () => {
  const { review } = reviewWorld({ f: 'a\n', g: 'b\n' }, { one: { f: 'x\n', g: 'y\n', h: 'z\n' } })
  expect(textsWanted({ ...review, texts: new Map() })).toHaveLength(1)
  expect(textsWanted(review)).toEqual([])
})

test('a run without differences says so', () => {
  const { review } = linesWorld({ one: {} })
  expect(linesOf(review, 1)).toEqual(['nothing to compare', '  no candidate differs from the base'])
})
