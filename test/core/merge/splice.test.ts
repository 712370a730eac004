import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Atom } from '../../../src/core/merge/change.ts'
import { splice } from '../../../src/core/merge/splice.ts'
import { anyText, closedText } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { referenceDiff, referenceLines } from '../../support/reference-diff.ts'

type Written = readonly [start: number, end: number, text: string]

function check(base: string, atoms: readonly Written[], expected: string): void {
  const made = atoms.map(([start, end, text]) => ({ start, end, text }))
  expect(splice(base, made)).toBe(expected)
  expect(splice(base, made.toReversed())).toBe(expected)
}

function checkRefused(base: string, atoms: readonly Written[]): void {
  const made = atoms.map(([start, end, text]) => ({ start, end, text }))
  expect(() => splice(base, made)).toThrow(/overlap|outside/)
}

test('no atom leaves the base', () => {
  check('', [], '')
  check('a\nb', [], 'a\nb')
})

test('an atom replaces, inserts or removes whole lines', () => {
  check('a\nb\nc\n', [[1, 2, 'x\n']], 'a\nx\nc\n')
  check('a\nb\nc\n', [[1, 1, 'x\ny\n']], 'a\nx\ny\nb\nc\n')
  check('a\nb\nc\n', [[0, 2, '']], 'c\n')
  check('a\n', [[0, 1, '']], '')
  check('', [[0, 0, 'a']], 'a')
})

test('atoms side by side compose', () => {
  check(
    'a\nb\nc\n',
    [
      [0, 1, 'x\n'],
      [1, 2, 'y\n'],
    ],
    'x\ny\nc\n',
  )
  check(
    'a\nb\nc\n',
    [
      [1, 1, 'i\n'],
      [1, 2, 'x\n'],
      [2, 2, 'j\n'],
    ],
    'a\ni\nx\nj\nc\n',
  )
})

test('the same atom twice counts once', () => {
  check(
    'a\n',
    [
      [1, 1, 'x\n'],
      [1, 1, 'x\n'],
    ],
    'a\nx\n',
  )
  check(
    'a\n',
    [
      [0, 1, 'x\n'],
      [0, 1, 'x\n'],
    ],
    'x\n',
  )
})

test('overlapping atoms throw', () => {
  checkRefused('a\nb\nc\n', [
    [0, 2, 'x\n'],
    [1, 3, 'y\n'],
  ])
  checkRefused('a\nb\nc\n', [
    [0, 3, 'x\n'],
    [1, 1, 'y\n'],
  ])
  checkRefused('a\nb\nc\n', [
    [1, 1, 'x\n'],
    [1, 1, 'y\n'],
  ])
  checkRefused('a\nb\nc\n', [
    [0, 2, 'x\n'],
    [0, 2, 'y\n'],
  ])
})

test('an atom outside of the base throws', () => {
  checkRefused('a\n', [[0, 2, 'x\n']])
  checkRefused('a\n', [[2, 2, 'x\n']])
})

test('lines are never glued together where a final newline is missing', () => {
  check(
    'a\nb\n',
    [
      [1, 2, 'x'],
      [2, 2, 'y\n'],
    ],
    'a\nx\ny\n',
  )
  check('a\nb', [[2, 2, 'y']], 'a\nb\ny')
  check(
    'a\r\nb\r\n',
    [
      [1, 2, 'x'],
      [2, 2, 'y\r\n'],
    ],
    'a\r\nx\r\ny\r\n',
  )
  check('a\nb\nc\n', [[0, 1, 'edited']], 'edited\nb\nc\n')
  check(
    'a\nb\nc',
    [
      [0, 1, 'x'],
      [2, 3, ''],
    ],
    'x\nb\n',
  )
})

test('a final line gets the end that lines of the base have, whatever else is decided', () => {
  const appended: Written = [2, 2, 'y']
  check('a\nb', [appended], 'a\nb\ny')
  check('a\nb', [[0, 1, 'x\r\n'], appended], 'x\r\nb\ny')
  check('a\r\nb', [[0, 1, 'x\n'], appended], 'x\nb\r\ny')
})

test("an agent's own atoms reproduce its exact bytes", () => {
  holds(
    fc.property(anyText, anyText, (base, text) => {
      expect(splice(base, referenceDiff(base, text))).toBe(text)
    }),
    2000,
  )
})

test('the order of atoms never matters', () => {
  const shuffled = fc.tuple(anyText, anyText).chain(([base, text]) => {
    const atoms = referenceDiff(base, text)
    return fc.tuple(
      fc.constant(base),
      fc.constant(text),
      fc.shuffledSubarray(atoms, { minLength: atoms.length }),
    )
  })
  holds(
    fc.property(shuffled, ([base, text, atoms]) => {
      expect(splice(base, atoms)).toBe(text)
    }),
  )
})

test('disjoint atoms of two agents compose to what a naive oracle writes line by line', () => {
  holds(
    fc.property(closedText, closedText, closedText, (base, one, two) => {
      const first = referenceDiff(base, one)
      const second = referenceDiff(base, two).filter((atom) =>
        first.every((other) => areDisjoint(atom, other)),
      )
      expect(splice(base, [...second, ...first])).toBe(naive(base, [...first, ...second]))
    }),
    2000,
  )
})

/** Apart by the definition: no common line, and no insertion within the other or at the other's insertion point. */
function areDisjoint(one: Atom, two: Atom): boolean {
  return !cellsOf(one).some((cell) => cellsOf(two).includes(cell))
}

/** The gaps (even) and lines (odd) that an atom writes over. */
function cellsOf({ start, end }: Atom): number[] {
  if (start === end) return [2 * start]
  return Array.from({ length: 2 * (end - start) - 1 }, (_, index) => 2 * start + 1 + index)
}

/** Writes atoms into cells: gap 0, line 0, gap 1, line 1, …, last gap. */
function naive(base: string, atoms: readonly Atom[]): string {
  const cells = ['', ...referenceLines(base).flatMap((text) => [text, ''])]
  for (const { start, end, text } of atoms) {
    for (let line = start; line < end; line += 1) cells[2 * line + 1] = ''
    cells[start === end ? 2 * start : 2 * start + 1] = text
  }
  return cells.join('')
}
