import { expect, test } from 'vitest'
import { isAction } from '../../../src/nvim/review/act.ts'
import { linesOfText, textOfLines } from '../../../src/nvim/review/edit.ts'
import { reviewKeys } from '../../../src/nvim/review/keys.ts'

test('every key of the review does something', () => {
  const own = new Set(['help', 'close'])
  const idle = reviewKeys.filter(({ action }) => !own.has(action) && !isAction(action))
  expect(idle).toEqual([])
  expect(isAction('toString')).toBe(false)
})

test('no two keys are the same', () => {
  const keys = reviewKeys.map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  const actions = reviewKeys.map(({ action }) => action)
  expect(new Set(actions).size).toBe(actions.length)
})

test('a text that is edited comes back to the byte', () => {
  for (const text of [
    'a\nb\n',
    'a\nb',
    '',
    'a\r\nb\r\n',
    'caf\xc3\xa9\n',
    'nul\0 inside\n',
    '\n\n',
    '\na\n',
  ]) {
    const lines = linesOfText(text)
    expect(textOfLines(lines ?? [], text === '' || text.endsWith('\n'))).toBe(text)
  }
  expect(linesOfText('\xff\n')).toBeNull()
})
