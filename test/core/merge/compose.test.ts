import { expect, test } from 'vitest'
import type { Decision } from '../../../src/core/merge/change.ts'
import { compose } from '../../../src/core/merge/compose.ts'

const text = { mode: '100755', oid: 'b1' }
const blob = { mode: '100644', oid: 'b2' }
const source = ['one']

function atom(path: string, start: number, end: number, fresh: string): Decision {
  return { kind: 'atom', path, base: text, atom: { start, end, text: fresh }, source }
}

test('one edit for each path in order of its bytes', () => {
  const decisions: Decision[] = [
    { kind: 'unit', unit: 'delete', path: 'b', base: blob, entry: null, source },
    atom('\u{1f600}', 0, 1, 'Y\n'),
    { kind: 'unit', unit: 'add', path: '\uff01', base: null, entry: blob, source },
    atom('a', 1, 1, 'Z\n'),
    {
      kind: 'unit',
      unit: 'add',
      path: 'a/b',
      base: null,
      entry: { mode: '100755', oid: '' },
      content: 'new',
      source,
    },
    atom('a', 0, 1, 'X\n'),
  ]
  expect(compose(decisions, () => '1\n')).toEqual([
    { path: 'a', mode: '100755', content: 'X\nZ\n' },
    { path: 'a/b', mode: '100755', content: 'new' },
    { path: 'b', removed: true },
    { path: '\uff01', mode: '100644', oid: 'b2' },
    { path: '\u{1f600}', mode: '100755', content: 'Y\n' },
  ])
})

test('nothing decided is no edit', () => {
  expect(compose([], () => '')).toEqual([])
})

test('decisions that exclude each other throw', () => {
  const removal: Decision = { kind: 'unit', unit: 'delete', path: 'a', base: text, entry: null, source }
  expect(() => compose([atom('a', 0, 1, 'X\n'), removal], () => '1\n')).toThrow('exclude each other')
  expect(() => compose([atom('a', 0, 1, 'X\n'), atom('a', 0, 1, 'Y\n')], () => '1\n')).toThrow('same lines')
})
