import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Atom } from '../../../src/core/merge/change.ts'
import { splitLines } from '../../../src/core/merge/lines.ts'
import {
  conflictsIn,
  mergeAdded,
  mergeAtOnce,
  mergeDecided,
  mergeTexts,
  type MergePart,
  textOfParts,
} from '../../../src/core/merge/merge-text.ts'
import { splice } from '../../../src/core/merge/splice.ts'
import { anyText } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { referenceDiff } from '../../support/reference-diff.ts'

function merged(base: string, ours: string, theirs: string): MergePart[] {
  return mergeTexts(base, referenceDiff(base, ours), referenceDiff(base, theirs))
}

test('changes of different lines are both there', () => {
  const parts = merged('a\nb\nc\nd\ne\n', 'A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n')
  expect(textOfParts(parts, () => null)).toBe('A\nb\nc\nd\nE\n')
})

test('what both sides made the same of is there once', () => {
  expect(textOfParts(merged('a\nb\nc\n', 'a\nx\nc\n', 'a\nx\nc\n'), () => null)).toBe('a\nx\nc\n')
})

test('different changes of the same lines, or of lines side by side, are a conflict with its three texts', () => {
  expect(merged('a\nb\nc\n', 'a\nx\nc\n', 'a\ny\nc\n')).toEqual([
    { kind: 'merged', text: 'a\n' },
    { kind: 'conflict', lines: [1, 2], baseLines: [1, 2], base: 'b\n', ours: 'x\n', theirs: 'y\n' },
    { kind: 'merged', text: 'c\n' },
  ])
  expect(conflictsIn(merged('a\nb\nc\n', 'A\nb\nc\n', 'a\nB\nc\n'))).toHaveLength(1)
})

test('the lines with which both sides begin and end are no part of a conflict', () => {
  const [conflict] = conflictsIn(merged('a\nb\nc\n', 'a\nsame\nx\nend\nc\n', 'a\nsame\ny\nz\nend\nc\n'))
  expect(conflict).toMatchObject({ lines: [2, 3], ours: 'x\n', theirs: 'y\nz\n', base: 'b\n' })
})

test('a text without a final line end keeps the lines of both sides apart', () => {
  const parts = merged('a\nb', 'a\nx', 'a\ny')
  expect(textOfParts(parts, ({ ours, theirs }) => `${ours}\n${theirs}`)).toBe('a\nx\ny')
  expect(textOfParts(merged('a\nb', 'z\na\nb', 'a\nb\n'), () => null)).toBe('z\na\nb\n')
})

test('a final line gets the end that lines of the base have, though ours has made others of them', () => {
  const added = [{ start: 2, end: 2, text: 'c\n' }]
  const parts = mergeTexts('a\nb', referenceDiff('a\nb', 'a\r\nb'), added)
  expect(textOfParts(parts, () => null)).toBe('a\r\nb\nc\n')
  const decided = mergeDecided('a\nb', referenceDiff('a\nb', 'a\r\nb'), { before: [], after: added })
  expect(textOfParts(decided, () => null)).toBe('a\r\nb\nc\n')
})

test('of two texts without a base only what they share is agreed', () => {
  const [ours, theirs] = ['a\nmine\nb\n', 'a\nb\nc\n']
  const parts = mergeAdded(ours, referenceDiff(ours, theirs))
  expect(parts.map((part) => (part.kind === 'merged' ? part.text : [part.ours, part.theirs]))).toEqual([
    'a\n',
    ['mine\n', ''],
    'b\n',
    ['', 'c\n'],
  ])
})

test('each side alone has its way, and every conflict taken from one side gives a text of its lines', () => {
  holds(
    fc.property(anyText, anyText, anyText, (base, ours, theirs) => {
      expect(textOfParts(merged(base, ours, base), () => null)).toBe(ours)
      expect(textOfParts(merged(base, base, theirs), () => null)).toBe(theirs)
      expect(textOfParts(merged(base, ours, ours), () => null)).toBe(ours)
      const [one, other] = [merged(base, ours, theirs), merged(base, theirs, ours)]
      expect(other.map(swapped)).toEqual(one.map(({ ...part }) => withoutLines(part)))
      const lines = splitLines(ours)
      for (const {
        lines: [start, end],
        ours: text,
      } of conflictsIn(one))
        expect(lines.slice(start, end).join('')).toBe(text)
    }),
  )
})

test('what was decided goes into ours, where what has landed is known by what was decided of it', () => {
  const base = 'a\nb\nc\nd\n'
  const [first, second] = [
    { start: 0, end: 1, text: 'A\n' },
    { start: 1, end: 2, text: 'B\n' },
  ]
  const into = (ours: string, before: Atom[], after: Atom[]): string | null =>
    textOfParts(mergeDecided(base, referenceDiff(base, ours), { before, after }), () => null)
  expect(into('A\nb\nc\nd\n', [first], [first, second])).toBe('A\nB\nc\nd\n')
  expect(into('A\nb\nc\nD\n', [first], [])).toBe('a\nb\nc\nD\n')
  expect(into('A\nB\nc\nd\n', [first], [first, second])).toBe('A\nB\nc\nd\n')
  expect(into('x\nb\nc\nd\n', [first], [first])).toBe('x\nb\nc\nd\n')
  expect(into('x\nb\nc\nd\n', [first], [])).toBeNull()
})

test('what is decided lands among repeated lines where git puts it, wherever it was shown', () => {
  const base = 'def a\n  doc\n  body\n\nend\n'
  const ours = [{ start: 2, end: 2, text: '  mine\n' }]
  const wanted = 'def a\n  doc\n  mine\n  body\n\ndef b\n  doc\n  body\n\nend\n'
  const places = [
    { start: 1, end: 1, text: '  doc\n  body\n\ndef b\n' },
    { start: 4, end: 4, text: 'def b\n  doc\n  body\n\n' },
  ]
  for (const atom of places) {
    const parts = mergeDecided(base, ours, { before: [], after: [atom] })
    expect(textOfParts(parts, () => null)).toBe(wanted)
    const landed = { first: ours, landed: [], after: [atom], ours: splice(base, ours) }
    expect(mergeAtOnce(base, landed)).toBe(wanted)
  }
})

test('all that was decided, piece by piece in any order, is what it is at once, or a conflict, never another text', () => {
  holds(
    fc.property(anyText, anyText, anyText, fc.infiniteStream(fc.nat()), (base, ours, theirs, draws) => {
      const all = referenceDiff(base, theirs)
      const mine = referenceDiff(base, ours)
      const whole = textOfParts(mergeTexts(base, mine, all), () => null)
      fc.pre(whole !== null)
      const order = all.map((atom) => [draws.next().value ?? 0, atom] as const)
      let [target, before]: [string, Atom[]] = [ours, []]
      for (const [, atom] of order.toSorted(([one], [other]) => one - other)) {
        const after = [...before, atom]
        const next = textOfParts(
          mergeDecided(base, referenceDiff(base, target), { before, after }),
          () => null,
        )
        if (next === null) return expect(referenceDiff(base, target)).not.toEqual(mine)
        ;[target, before] = [next, after]
      }
      expect(target).toBe(whole)
    }),
  )
})

function swapped(part: MergePart): unknown {
  return part.kind === 'merged'
    ? part
    : { kind: part.kind, baseLines: part.baseLines, base: part.base, ours: part.theirs, theirs: part.ours }
}

function withoutLines(part: MergePart): unknown {
  if (part.kind === 'merged') return part
  const { kind, baseLines, base, ours, theirs } = part
  return { kind, baseLines, base, ours, theirs }
}
