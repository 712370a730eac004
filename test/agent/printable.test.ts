import { property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { printable, printableLine } from '../../src/agent/printable.ts'
import { holds } from '../support/property.ts'

test('control characters become signs, and what one may read stays', () => {
  expect(printable('\u001b[31mred\u0007\r\nnext\rover\tü 😀 漢\u007f')).toBe('␛[31mred␇\nnext␍over\tü 😀 漢␡')
  expect(printable('\u009b2J\u202etxt.exe\ud800')).toBe('\ufffd2J⟨U+202E⟩txt.exe⟨U+D800⟩')
  expect(printableLine('a\nb\tc')).toBe('a⏎b c')
})

test('no text at all can reach the terminal with a control character', () => {
  holds(
    property(string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u)
    }),
  )
})
