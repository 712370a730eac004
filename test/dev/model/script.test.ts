import { expect, test } from 'vitest'
import { parseModelScript, piecesOf } from '../../../src/dev/model/script.ts'

test.each([
  [7, 'the whole: must be'],
  [{ agent: {} }, 'agents'],
  [{ agents: { ada: 3 } }, 'agents.ada: must be a list of turns'],
  [[{ txt: 'a' }], '0.txt'],
  [[{ text: 3 }], '0.text: must be a text or a list of texts'],
  [[{ calls: [{}] }], '0.calls.0.tool'],
  [[{ latencyMs: -1 }], '0.latencyMs: must not be negative'],
  [[{}, { fault: 'explode' }], '1.fault: must be {status'],
  [[{ attempts: [] }], '0.attempts: must hold at least one'],
] as [unknown, string][])('of the script %j it is said where it is wrong: %s', (script, place) => {
  expect(() => parseModelScript(script)).toThrow(`model script: ${place}`)
})

test('a text is sent word by word, and no character is lost', () => {
  expect(piecesOf('Hello  my\nworld. ')).toEqual(['Hello', '  my', '\nworld. '])
  expect(piecesOf(' ')).toEqual([' '])
  expect(piecesOf('')).toEqual([])
  expect(piecesOf(undefined)).toEqual([])
  expect(piecesOf(['a b', 'c'])).toEqual(['a b', 'c'])
})
