import fc from 'fast-check'
import { expect, test } from 'vitest'
import { literal, quote, shellWord } from '../../../src/adapters/tmux/quote.ts'
import { controlOf } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'

const line = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((text) => !/[\0\n]/.test(text) && text.isWellFormed())
const nasty = fc
  .array(
    fc.constantFrom(
      '#',
      '#(',
      '#{',
      '}',
      ')',
      '"',
      "'",
      ';',
      '\\',
      '$',
      '$HOME',
      '`',
      '~',
      '%',
      '%d',
      '{',
      ' ',
      'é',
      '🦊',
      '\t',
      '\x1b',
    ),
  )
  .map((parts) => parts.join(''))

test('any text but NUL and newline passes through an option exactly', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  await fc.assert(
    fc.asyncProperty(fc.oneof(line, nasty), async (text) => {
      await control.demand([['set-option', '-g', '@kage_probe', text]])
      expect(server.tmux('show-options', '-gv', '@kage_probe')).toBe(showed(text))
      expect(
        await control.demand([['display-message', '-p', `<${(literal(text) ?? '').replaceAll('%', '%%')}>`]]),
      ).toEqual([literal(text) === null ? '<>' : `<${text}>`])
    }),
    { numRuns: 60, seed: 7 },
  )
})

test('a path becomes a word of sh that holds nothing but octal digits', () => {
  expect(shellWord("/a b'#(x)%d")).toBe(
    String.raw`"$(printf '\057\141\040\142\047\043\050\170\051\045\144')"`,
  )
})

test('letters, digits and spaces stay readable', () => {
  expect(quote('a 1-2')).toBe(String.raw`"a 1\0552"`)
})

/** What show-options prints of a value: tmux shows control characters by their name. */
function showed(text: string): string {
  return text
}
