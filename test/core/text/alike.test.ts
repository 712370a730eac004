import { expect, test } from 'vitest'
import { alikeLines, linesOf, looksAlike, type ShownLine, spellBlanks } from '../../../src/core/text/alike.ts'

const line = (text: string, ended = true): ShownLine => ({ text, ended })

test.each([
  ['trailing blanks', line('a'), line('a  '), 'a', 'a··'],
  ['a tab', line('\ta'), line('    a'), '⇥   a', '    a'],
  ['a space that is none', line('a b'), line('a\u00a0b'), 'a b', 'a⟨U+00A0⟩b'],
  ['an accent', line('\u00e9'), line('e\u0301'), '\u00e9', 'e⟨U+0301⟩'],
  ['a missing line end', line('a'), line('a', false), 'a', 'a⟨no newline⟩'],
])('%s is told from what looks alike', (_, one, other, first, second) => {
  expect(looksAlike(one, other)).toBe(true)
  expect([spellBlanks(one), spellBlanks(other)]).toEqual([first, second])
  expect(looksAlike(one, one)).toBe(false)
})

test('lines that differ to the eye are left as they are', () => {
  expect(looksAlike(line('a'), line('b'))).toBe(false)
  const isAlike = alikeLines(['same\none \ttab\n', 'same\nother\n', 'same\nother  \n'])
  expect(['same', 'one \ttab', 'other', 'other  '].map((text) => isAlike(line(text)))).toEqual([
    false,
    false,
    true,
    true,
  ])
})

test('a text is its lines, the last with or without an end', () => {
  expect(linesOf('')).toEqual([])
  expect(linesOf('a\n\nb')).toEqual([line('a'), line(''), line('b', false)])
  expect(linesOf('a\n')).toEqual([line('a')])
})
