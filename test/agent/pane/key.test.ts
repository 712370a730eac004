import { array, constantFrom, nat, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { type Key, KeyReader } from '../../../src/agent/pane/key.ts'
import { emptyLine, shownLine, typed } from '../../../src/agent/pane/line.ts'
import { holds } from '../../support/property.ts'

test('letters, keys and pastes are told apart', () => {
  expect(read('aä😀\r')).toEqual([{ kind: 'text', text: 'aä😀' }, { kind: 'enter' }])
  expect(read('\u001b[D\u001bOC\u001b[3~\u0003\u007f')).toEqual(
    ['left', 'right', 'delete', 'interrupt', 'backspace'].map((kind) => ({ kind })),
  )
  expect(read('\u001b[200~a\r\nb\u001b[31m\u0003\r\u001b[201~c')).toEqual([
    { kind: 'text', text: 'a\nb[31m\n' },
    { kind: 'text', text: 'c' },
  ])
})

test('unknown sequences and a lone ESC mean nothing', () => {
  expect(read('\u001b[1;5A\u001b[<0;1;1Mx\u001by\u001b[15~')).toEqual([
    { kind: 'text', text: 'x' },
    { kind: 'text', text: 'y' },
  ])
})

test('it makes no difference how the bytes are cut', () => {
  const parts = constantFrom(
    '\u001b[200~',
    '\u001b[201~',
    '\u001b[D',
    '\r',
    'word',
    '\u0003',
    '\u001b',
    '[',
    '~',
    'é',
  )
  holds(
    property(array(parts, { maxLength: 12 }), array(nat({ max: 4 }), { minLength: 1 }), (words, cuts) => {
      const text = words.join('')
      const reader = new KeyReader()
      const keys: Key[] = []
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const size = 1 + (cuts[turn % cuts.length] ?? 0)
        keys.push(...reader.push(text.slice(at, at + size)))
        at += size
      }
      expect(joined(keys)).toEqual(joined(read(text)))
    }),
    1000,
  )
})

test('a line is edited at its cursor, whole letters at a time', () => {
  const after = (...keys: Key[]): string => {
    const line = keys.reduce(typed, emptyLine)
    return `${line.before}|${line.after}`
  }
  const text = (letters: string): Key => ({ kind: 'text', text: letters })
  expect(after(text('a😀c'), { kind: 'left' }, { kind: 'backspace' }, text('b'))).toBe('ab|c')
  expect(after(text('a😀'), { kind: 'home' }, { kind: 'right' }, { kind: 'delete' })).toBe('a|')
  expect(after(text('one two  '), { kind: 'word' })).toBe('one |')
  expect(after(text('abc'), { kind: 'left' }, { kind: 'clear' }, { kind: 'end' })).toBe('c|')
})

test('what is shown fits its cells and holds the cursor', () => {
  holds(
    property(string({ unit: 'grapheme' }), string(), nat({ max: 60 }), (before, after, more) => {
      const { text, cursorCells } = shownLine({ before, after }, 4 + more)
      expect(cursorCells).toBeLessThan(4 + more)
      expect(text).not.toContain('\n')
    }),
  )
  expect(shownLine({ before: '漢字漢字', after: '' }, 6)).toEqual({
    text: '漢字'.slice(0, 2),
    cursorCells: 4,
  })
})

function read(text: string): readonly Key[] {
  return new KeyReader().push(text)
}

/** Text that comes in several pieces is one. */
function joined(keys: readonly Key[]): string[] {
  return keys
    .map((key) => (key.kind === 'text' ? key.text : `<${key.kind}>`))
    .join('')
    .split('<')
}
