import { wantedOf } from '../../../src/core/landing.ts'
import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { blobName } from '../../../src/nvim/review/blob-name.ts'
import { composedFiles, composedText, missingTexts, resultFiles } from '../../../src/nvim/review/compose.ts'
import { type Review } from '../../../src/nvim/review/model.ts'
import { atRegion } from '../../../src/nvim/review/position.ts'
import { keepBase, takeEdited, takeNumber } from '../../../src/nvim/review/take.ts'
import { anyText, anyWorld } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { accepted, linesWorld, reviewWorld } from '../../support/review-world.ts'

test('all pieces of a candidate taken one by one in any order are its own tree', () => {
  holds(
    fc.property(anyWorld, fc.nat(2), fc.gen(), ({ base, agents }, which, gen) => {
      const world = reviewWorld(base, agents)
      const agent = world.review.agents[which] ?? ''
      const mine = world.review.regions.filter(({ region }) =>
        region.variants.some((variant) => variant.agents.includes(agent)),
      )
      const shuffled = mine
        .map((shown) => ({ shown, order: gen(fc.nat) }))
        .toSorted((left, right) => left.order - right.order)
      let review: Review = world.review
      let refused = 0
      for (const { shown } of shuffled) {
        const taken = takeNumber(atRegion(review, shown.region.key), which + 1)
        if ('review' in taken) review = taken.review
        else refused += 1
      }
      // A file that becomes a directory needs both decided at once, which no single key does.
      fc.pre(refused === 0)
      expect(world.composed(wantedOf(review))).toEqual(agents[agent])
      for (const { path, blob } of composedFiles(review)) {
        const content = agents[agent]?.[path]
        expect(blob === null).toBe(content === undefined)
      }
    }),
  )
})

test('a content has the name that git gives it', () => {
  holds(
    fc.property(anyText, fc.constantFrom('sha1' as const, 'sha256' as const), (text, format) => {
      expect(blobName(text, format)).toMatch(format === 'sha1' ? /^[0-9a-f]{40}$/ : /^[0-9a-f]{64}$/)
    }),
    20,
  )
  const content = 'caf\xc3\xa9 \xff\r\n'
  const named = execFileSync('git', ['hash-object', '--stdin'], { input: Buffer.from(content, 'latin1') })
  expect(blobName(content, 'sha1')).toBe(named.toString().trim())
})

test('a landing names each file with what it becomes', () => {
  const { review } = linesWorld({ one: { 2: 'x' }, two: { 5: 'y' } })
  const both = accepted(takeNumber(atRegion(accepted(takeNumber(review, 1)), second(review)), 2))
  const text = composedText(both, 'file') ?? ''
  expect(text).toContain('line 1\nx\nline 3\nline 4\ny\nline 6')
  expect(composedFiles(both)).toEqual([{ path: 'file', blob: blobName(text, 'sha1') }])
})

test('composing asks for the texts of the base first', () => {
  const { review } = linesWorld({ one: { 2: 'x' } })
  const bare = { ...accepted(takeNumber(review, 1)), texts: new Map() }
  expect(missingTexts(bare)).toHaveLength(1)
  expect(composedText(bare, 'file')).toBeNull()
})

test('the whole result lists files with lines and sources', () => {
  const { review } = linesWorld({ one: { 2: 'x' }, two: { 5: 'y' } })
  const one = accepted(takeNumber(review, 1))
  const own = accepted(takeEdited(one, second(review), 'mine\nand more\n'))
  expect(resultFiles(own)).toEqual([
    {
      path: 'file',
      to: null,
      change: 'changed',
      added: 3,
      deleted: 2,
      sources: ['one', 'you'],
      pending: true,
    },
  ])
})

test('a new file counts the lines that go into it', () => {
  const { review } = reviewWorld({}, { one: { new: 'a\nb\n' }, two: { new: 'c\n' } })
  const taken = accepted(takeNumber(review, 1))
  const [file] = wantedOf(taken)
  const base = file?.kind === 'unit' ? file.entry : null
  if (file === undefined || base === null) throw new Error('nothing was taken')
  const atom = { start: 1, end: 2, text: 'c\nd\ne\n' }
  const line = { kind: 'atom', path: 'new', base, newFile: true, atom, source: ['two'] } as const
  const mixed = { ...taken, pending: { removed: [], added: [file, line] } }
  expect(resultFiles(mixed)).toMatchObject([{ path: 'new', change: 'added', added: 4 }])
})

test('what is taken back after it landed is listed, what stays landed is marked', () => {
  const world = linesWorld({ one: { 2: 'x' } })
  const landed = wantedOf(accepted(takeNumber(world.review, 1)))
  const after = { ...world.review, landed }
  expect(resultFiles(after)).toMatchObject([{ path: 'file', pending: false }])
  expect(resultFiles(accepted(keepBase(after)))).toMatchObject([{ path: 'file', added: 0, pending: true }])
})

function second(review: Review): string {
  return review.regions[1]?.region.key ?? ''
}
